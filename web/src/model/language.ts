// Which language the page speaks: the first of those that are wanted for which there is a catalog, else English.

/** `catalog` is missing for English, which needs none. `tag` is what the reader asked for, with the region that says how dates look. */
export type Language = { catalog?: string; tag: string };

const english: Language = { tag: 'en' };

/** Names of catalogs have an underscore, as gettext's do; LuCI's languages are in lower case. */
function parse(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag.replaceAll('_', '-'));
  } catch {
    return undefined;
  }
}

/**
 * A catalog fits by language and script: zh-CN and zh-SG are zh_Hans, zh-TW and zh-HK are not. Who reads Traditional Chinese gets the
 * next language of the list and not Simplified, which has other words for half of the terms; LuCI does the same.
 */
export function chooseLanguage(wanted: readonly string[], catalogs: readonly string[]): Language {
  const scripts = new Map<string, string>();
  for (const locale of wanted.flatMap((tag) => parse(tag) ?? [])) {
    const { language, script = '' } = locale.maximize();
    // Browsers put a bare zh behind zh-TW: it means the same one.
    const isBare = locale.script === undefined && locale.region === undefined;
    const written = (isBare && scripts.get(language)) || script;
    if (!scripts.has(language)) scripts.set(language, written);
    if (language === 'en') return { tag: locale.toString() };
    const catalog = catalogs.find((name) => {
      const own = parse(name)?.maximize();
      return own?.language === language && own.script === written;
    });
    if (catalog !== undefined) return { catalog, tag: locale.toString() };
  }
  return english;
}
