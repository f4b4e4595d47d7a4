#!/usr/bin/env bash
# The step of action.yml: runs lakh, writes the reports beside the records and what the action outputs, and ends with
# lakh's exit code. Everything that users give comes in variables (LAKH_…) and is quoted wherever it is used.
set -euo pipefail

refuse() {
  printf '::error title=lakh::%s\n' "$1"
  exit 104
}

case "$LAKH_COMMAND" in
  run | validate | limit | demo) ;;
  *) refuse "the input command must be run, validate, limit or demo" ;;
esac
# A line break would be another output of the action; a dash in front, a flag.
case "$LAKH_SCRIPT$LAKH_RUNS_DIR" in *$'\n'* | *$'\r'*) refuse "script and runs-dir are paths of one line" ;; esac
case "$LAKH_SCRIPT" in -*) refuse "the input script must not begin with a dash: give flags in args" ;; esac

if [ -n "$LAKH_VERSION" ]; then
  [[ "$LAKH_VERSION" =~ ^[0-9A-Za-z.^~-]+$ ]] || refuse "the input version is no version of npm"
  lakh=(npx --yes "lakh@$LAKH_VERSION")
elif [ -x node_modules/.bin/lakh ]; then
  lakh=(node_modules/.bin/lakh)
elif command -v lakh > /dev/null; then
  lakh=(lakh)
else
  refuse "lakh is not installed: run npm ci before, or set the input version"
fi

arguments=()
while IFS= read -r line || [ -n "$line" ]; do
  line="${line#"${line%%[![:space:]]*}"}"
  line="${line%"${line##*[![:space:]]}"}"
  [ -z "$line" ] || arguments+=("$line")
done <<< "$LAKH_ARGS"
[ -z "$LAKH_SCRIPT" ] || arguments+=("$LAKH_SCRIPT")

# What this command leaves: a campaign and a search have a record of their own beside those of their runs.
case "$LAKH_COMMAND" in
  validate) records='*/campaign.json' ;;
  limit) records='*/limit.json' ;;
  *) records="*-$LAKH_COMMAND*/record.json" ;;
esac
started=$(mktemp)

report() {
  "${lakh[@]}" report "--runs-dir=$LAKH_RUNS_DIR" "--format=$1" "$id" > "$LAKH_RUNS_DIR/$2" || true
}

code=0
"${lakh[@]}" "$LAKH_COMMAND" "--runs-dir=$LAKH_RUNS_DIR" ${arguments[@]+"${arguments[@]}"} || code=$?

# A run that could not begin leaves none: an older one is not its own.
id=""
for record in "$LAKH_RUNS_DIR"/$records; do
  [ ! "$record" -nt "$started" ] || id=$(basename "$(dirname "$record")")
done
rm -f "$started"
if [ -n "$id" ]; then
  report verdict lakh-verdict.json
  report junit lakh-junit.xml
  report md lakh-summary.md
  verdict=$(grep -m 1 -oE '"verdict": "(PASS|FAIL|INCONCLUSIVE|INVALID)"' "$LAKH_RUNS_DIR/lakh-verdict.json" | grep -oE '[A-Z]+' || true)
  {
    printf 'verdict=%s\n' "$verdict"
    printf 'run-id=%s\n' "$id"
    printf 'record=%s\n' "$LAKH_RUNS_DIR/$id"
  } >> "$GITHUB_OUTPUT"
fi
exit "$code"
