#!/bin/sh
# Puts back what backup.sh has written, while the bot is stopped. The database that is replaced stays beside the new one.
#
#   restore.sh FILE
#   restore.sh -      from standard input
set -eu
umask 077
PATH=$(dirname "$0"):$PATH
data=${ASCN_BOT_DATA:-data}

if [ $# -ne 1 ]; then
    echo "restore.sh: name the archive that backup.sh has written, or - for standard input." >&2
    exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

tar --extract --gzip --no-same-owner --directory "$work" --file "$1" bot.sqlite3 added
# It refuses while the bot runs, and an archive that is damaged; then nothing is changed.
ascn-bot restore "$work/bot.sqlite3"
mkdir -p "$data/added"
cp -R "$work/added/." "$data/added/"

# Root restores for the user that the folder belongs to.
if [ "$(id -u)" = 0 ]; then
    chown -R --reference="$data/." "$data/."
fi
