#!/bin/sh
# Writes what cannot be made again into one archive, also while the bot runs: the database, without anyone's words, and
# the files of the articles that administrators have added.
#
#   backup.sh FOLDER [DAYS]   FOLDER/ascn-bot-TIME.tar.gz; archives older than DAYS, by default 7, are removed
#   backup.sh -               to standard output
set -eu
umask 077
PATH=$(dirname "$0"):$PATH
data=${ASCN_BOT_DATA:-data}

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "backup.sh: name the folder for the archive, or - for standard output." >&2
    exit 2
fi
case ${2:-7} in
    '' | *[!0-9]*)
        echo "backup.sh: the days must be a whole number, not '$2'." >&2
        exit 2
        ;;
esac

work=$(mktemp -d)
unfinished=
trap 'rm -rf "$work" ${unfinished:+"$unfinished"}' EXIT
trap 'exit 1' HUP INT TERM

# The database first: what it names is in added/ for thirty days more, whatever is changed meanwhile.
ascn-bot backup "$work/bot.sqlite3" >&2
mkdir -p "$work/empty/added"
from=$work/empty
if [ -d "$data/added" ]; then
    from=$(cd "$data" && pwd)
fi

archive() {
    # 1: a file was renamed while it was read, which is what happens to one that is no longer needed.
    tar --create --gzip --directory "$work" bot.sqlite3 --directory "$from" added || [ $? -eq 1 ]
}

if [ "$1" = - ]; then
    archive
else
    mkdir -p "$1"
    whole=$1/ascn-bot-$(date -u +%Y%m%dT%H%M%SZ).tar.gz
    unfinished=$whole.unfinished
    archive >"$unfinished"
    mv "$unfinished" "$whole"
    find "$1" -maxdepth 1 -name 'ascn-bot-*.tar.gz' -mtime +"${2:-7}" -delete
    echo "Archive written: $whole"
fi
