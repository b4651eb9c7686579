import { type NamedKind, type OptionWord, type Place, patternsOf, quoted } from './words.ts';

const ask = (names: NamedKind): string =>
  `compadd -- \${(f)"$(alfred completion --names ${names} 2>/dev/null)"}`;

/** `name:what it does`, as `_describe` takes it. */
const described = (name: string, summary: string): string => quoted(`${name}:${summary}`);

const describedOption = ({ flags, summary }: OptionWord): string =>
  flags.map((flag) => described(flag, summary)).join(' ');

/** A script for zsh, which shows what each word does. Where nothing is known, zsh offers files. */
export function zshScript(places: readonly Place[]): string {
  const { words, valued, values } = patternsOf(places);
  const known = values.map(
    ({ pattern, choices, names }) =>
      `    ${pattern}) ${names === undefined ? `compadd -- ${choices.map(quoted).join(' ')}` : ask(names)}; return ;;`,
  );
  const cases = places.map(({ path, verbs, options, names }) =>
    [
      `    ${quoted(path)})`,
      `      options=(${options.map(describedOption).join(' ')})`,
      `      verbs=(${verbs.map(({ name, summary }) => described(name, summary)).join(' ')})`,
      `      names=${names ?? "''"} ;;`,
    ].join('\n'),
  );
  return `#compdef alfred
# For zsh, in ~/.zshrc behind compinit: source <(alfred completion zsh)
_alfred() {
  local cur=$words[CURRENT] word at='' operands=0 names=''
  local -a options verbs
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    [[ $word == -- ]] && { _files; return }
    case "$at $word" in
    ${valued}) ((i++)) ;;
    ${words}) at="$at $word" ;;
    *' -'*) ;;
    *) ((operands++)) ;;
    esac
  done
  case "$at $words[CURRENT-1]" in
${known.join('\n')}
    ${valued}) _files; return ;;
  esac
  case "$at" in
${cases.join('\n')}
  esac
  if [[ $cur == -* ]]; then _describe -o option options
  elif (( \${#verbs} )); then _describe command verbs
  elif [[ -n $names && $operands == 0 ]]; then compadd -- \${(f)"$(alfred completion --names $names 2>/dev/null)"}
  else _files
  fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _alfred "$@"; else compdef _alfred alfred; fi
`;
}
