#!/usr/bin/env bash
# Says whether the pages agree with the tree: deploy/check-docs.sh FOLDER (that of the executables)
# Every link to a file leads somewhere, every test that they name is there, and docs/configuration.md shows the settings that the processes have.
set -euo pipefail
cd "$(dirname "$0")/.."

broken=0
while IFS=: read -r page link; do
    link=${link#']('}
    link=${link%%#*}
    [[ -z $link || $link == http* || -e $(dirname "$page")/$link ]] || {
        echo "weir: $page links to $link, which is not there" >&2
        broken=1
    }
done < <(grep -oH ']([^)]*' -- *.md docs/*.md docs/decisions/*.md Tests/*/*.md)
for name in $(grep -oE '`test[A-Z][A-Za-z0-9]*`' docs/*.md | cut -d'`' -f2 | sort -u); do
    grep -rqE "func $name\(" Tests --include='*.swift' || {
        echo "weir: docs name the test $name, which is not there" >&2
        broken=1
    }
done
deploy/configuration-doc.sh "$1" --check || broken=1
exit "$broken"
