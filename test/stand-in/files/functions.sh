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

# What follows stands for jshn.
_tab=$(printf '\t')
_newline='
'

# Escapes $1 for JSON into $_escaped.
_json() {
	local rest="$1" head
	_escaped=
	while [ -n "$rest" ]; do
		case "$rest" in
			*[\"\\"$_tab$_newline"]*) head=${rest%%[\"\\"$_tab$_newline"]*} ;;
			*) _escaped=$_escaped$rest; return ;;
		esac
		rest=${rest#"$head"}
		_escaped=$_escaped$head
		case "$rest" in
			\"*) _escaped="$_escaped\\\"" ;;
			\\*) _escaped="$_escaped\\\\" ;;
			"$_tab"*) _escaped="$_escaped\\t" ;;
			*) _escaped="$_escaped\\n" ;;
		esac
		rest=${rest#?}
	done
}

# The words as items of a JSON list, into $_items.
_json_items() {
	_items=
	for _word in "$@"; do
		_json "$_word"
		_items="$_items${_items:+, }\"$_escaped\""
	done
}

# Words NAME=VALUE as the entries of a JSON table, into $_items.
_json_entries() {
	local entries= key
	for _word in "$@"; do
		_json "${_word%%=*}"; key=$_escaped
		case "$_word" in *=*) _json "${_word#*=}" ;; *) _escaped= ;; esac
		entries="$entries${entries:+, }\"$key\": \"$_escaped\""
	done
	_items=$entries
}
