#!/bin/bash
# Runs a command in a process group of its own and kills it once CALL has succeeded COUNT times below it.
#
#   kill-at.sh CALL COUNT agent|whole AFTER COMMAND...
#
# Counted is what comes after a program named AFTER was started; with - everything. `agent` kills the command alone, so that a child of that moment goes on; `whole` kills its group. The caller of the last CALL is
# held for a moment, so that nothing happens between the call and the kill. Prints `killed`; the programs that were started are in
# /tmp/kill-at.programs, one a line.
if [ "$1" != watch ]; then
	call=$1 count=$2 who=$3 after=$4
	shift 4
	exec strace -f --seccomp-bpf -qq -s 200 -e signal=none -e "trace=execve,$call" -e "inject=$call:delay_exit=120000" \
		-o "|'$0' watch $call $count $who $after" setsid "$@"
fi

call=$2 left=$3 who=$4 after=$5 agent=
: >/tmp/kill-at.programs
while read -r pid line; do
	[[ $line =~ ^(execve|$call)\((.*)\)\ =\ [0-9] ]] || continue
	if [[ $line == execve* ]]; then
		program=${line#*\"}
		program=${program%%\"*}
		# The first two are setsid and the command.
		if [ -z "$agent" ]; then
			[[ $program == */setsid ]] || agent=$pid
			continue
		fi
		echo "${program##*/}" >>/tmp/kill-at.programs
	fi
	[[ $program == */$after ]] && after=-
	[[ $after == - && $line == "$call("* ]] || continue
	left=$((left - 1))
	[ $left -eq 0 ] || continue
	if [ "$who" = whole ]; then kill -9 -- "-$agent"; else kill -9 "$agent"; fi
	echo killed
done
