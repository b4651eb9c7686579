import { type OptionWord, type Place, patternsOf } from './words.ts';

/** Fish knows two escapes within single quotes. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const cases = (pattern: string | null): string => (pattern ?? '').replaceAll("'|'", "' '");

function optionLine(path: string, { flags, summary, takesValue, choices, names }: OptionWord): string {
  const long = flags.find((flag) => flag.startsWith('--'));
  const short = flags.find((flag) => /^-[^-]/.test(flag));
  const values = names === undefined ? choices.join(' ') : `(alfred completion --names ${names} 2>/dev/null)`;
  return [
    `complete -c alfred -n "__alfred_at ${quoted(path)}"`,
    ...(long === undefined ? [] : [`-l ${long.slice(2)}`]),
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    ...(takesValue ? [values === '' ? '-r' : `-x -a ${quoted(values)}`] : []),
    `-d ${quoted(summary)}`,
  ].join(' ');
}

function placeLines({ path, verbs, options, names }: Place): string[] {
  const here = `complete -c alfred -n "__alfred_at ${quoted(path)}"`;
  return [
    ...verbs.map(({ name, summary }) => `${here} -f -a ${name} -d ${quoted(summary)}`),
    ...options.map((option) => optionLine(path, option)),
    ...(names === undefined
      ? []
      : [
          `complete -c alfred -n "__alfred_first ${quoted(path)}" -f -a ${quoted(`(alfred completion --names ${names} 2>/dev/null)`)}`,
        ]),
  ];
}

/** A script for fish, which shows what each word does. */
export function fishScript(places: readonly Place[]): string {
  const { words, valued } = patternsOf(places);
  return `# For fish: alfred completion fish > ~/.config/fish/completions/alfred.fish
function __alfred_place
  set -l at ''
  set -l operands 0
  set -l skip 0
  for word in (commandline -opc)[2..]
    if test $skip = 1
      set skip 0
      continue
    end
    switch "$at $word"
      case ${cases(valued)}
        set skip 1
      case ${cases(words)}
        set at "$at $word"
      case '* --'
        return 1
      case '* -*'
      case '*'
        set operands (math $operands + 1)
    end
  end
  echo "$at"
  echo $operands
end
function __alfred_at
  set -l place (__alfred_place)
  and test "$place[1]" = "$argv[1]"
end
function __alfred_first
  set -l place (__alfred_place)
  and test "$place[1]" = "$argv[1]" -a "$place[2]" = 0
end
${places.flatMap(placeLines).join('\n')}
`;
}
