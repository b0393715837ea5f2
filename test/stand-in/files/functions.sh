# /lib/functions.sh: the little of it that init scripts and hotplug scripts of this router use.
# `uci` does the reading; the config_load machinery of the real one is not here, since nothing of ours calls it.

# Adds the value $2 to the variable named $1, with a blank or $3 between.
append() {
	local var="$1" value="$2" sep="${3:- }" old
	eval "old=\"\${$var}\""
	export "$var=$old${old:+$sep}$value"
}

# Is the item $2 in the list of words $1?
list_contains() {
	local var="$1" item="$2" words
	eval "words=\" \${$var} \""
	case "$words" in *" $item "*) return 0 ;; esac
	return 1
}
