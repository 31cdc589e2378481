#!/usr/bin/env bash
# docs/configuration.md holds what each process says about its settings (`--help`), between marks.
#
#   deploy/configuration-doc.sh FOLDER            writes it, from the executables in FOLDER
#   deploy/configuration-doc.sh FOLDER --check    says whether it is up to date
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$1
page=docs/configuration.md

# One table row a setting: `--flag=...  WEIR_NAME  (file: name)` and, indented below it, what it is.
settings() {
    "$folder/$1" --help | awk '
        /^  --[^ ]+=\.\.\. / {
            name = $4; sub(/\)$/, "", name)
            flag = $1; sub(/=\.\.\.$/, "", flag)
            variable = $2
            getline text; sub(/^ +/, "", text); gsub(/\|/, "\\|", text)
            printf "| `%s` | `%s`<br>`%s` | %s |\n", name, flag, variable, text
        }'
}

fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
while IFS= read -r line; do
    if [[ $line =~ ^'<!-- settings of '(.+)' -->'$ ]]; then
        process=${BASH_REMATCH[1]}
        printf '%s\n| in the file | flag, variable | |\n|---|---|---|\n' "$line"
        settings "$process"
        printf '<!-- end -->\n'
        while IFS= read -r line && [[ $line != '<!-- end -->' ]]; do :; done
    else
        printf '%s\n' "$line"
    fi
done <"$page" >"$fresh"

if [[ ${2:-} == --check ]]; then
    diff -u "$page" "$fresh" || {
        echo "weir: $page is behind the code: deploy/configuration-doc.sh $folder" >&2
        exit 1
    }
else
    cp "$fresh" "$page"
fi
