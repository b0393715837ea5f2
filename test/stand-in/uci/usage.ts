// The help text of `uci`.

const COMMANDS = [
  'batch',
  'export     [<config>]',
  'import     [<config>]',
  'changes    [<config>]',
  'commit     [<config>]',
  'add        <config> <section-type>',
  'add_list   <config>.<section>.<option>=<string>',
  'del_list   <config>.<section>.<option>=<string>',
  'show       [<config>[.<section>[.<option>]]]',
  'get        <config>.<section>[.<option>]',
  'set        <config>.<section>[.<option>]=<value>',
  'delete     <config>[.<section>[[.<option>][=<id>]]]',
  'rename     <config>.<section>[.<option>]=<name>',
  'revert     <config>[.<section>[.<option>]]',
  'reorder    <config>.<section>=<position>',
];

const OPTIONS = [
  '-c <path>  set the search path for config files (default: /etc/config)',
  '-C <path>  set the search path for config override files (default: /var/run/uci)',
  '-d <str>   set the delimiter for list values in uci show',
  '-f <file>  use <file> as input instead of stdin',
  '-m         when importing, merge data into an existing package',
  '-n         name unnamed sections on export (default)',
  "-N         don't name unnamed sections",
  '-p <path>  add a search path for config change files',
  '-P <path>  add a search path for config change files and use as default',
  '-t <path>  set save path for config change files',
  "-q         quiet mode (don't print error messages)",
  '-s         force strict mode (stop on parser errors, default)',
  '-S         disable strict mode',
  "-X         do not use extended syntax on 'show'",
];

const indented = (lines: string[]) => lines.map((line) => `\t${line}\n`).join('');

export const USAGE = `Usage: uci [<options>] <command> [<arguments>]\n\nCommands:\n${indented(COMMANDS)}\nOptions:\n${indented(OPTIONS)}\n`;
