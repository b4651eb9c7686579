import { type NamedKind, type Place, patternsOf, quoted } from './words.ts';

const ask = (names: NamedKind): string => `"$(alfred completion --names ${names} 2>/dev/null)"`;

/**
 * A script for bash 4 and newer. What was typed is compared and never run; the VM is asked for names alone, when one may
 * stand there. Where nothing is known, bash offers files.
 */
export function bashScript(places: readonly Place[]): string {
  const { words, valued, values } = patternsOf(places);
  const known = values.map(
    ({ pattern, choices, names }) =>
      `    ${pattern}) words=${names === undefined ? quoted(choices.join(' ')) : ask(names)} ;;`,
  );
  const cases = places.map(({ path, verbs, options, names }) =>
    [
      `    ${quoted(path)})`,
      `      options=${quoted(options.flatMap(({ flags }) => flags).join(' '))}`,
      `      verbs=${quoted(verbs.map(({ name }) => name).join(' '))}`,
      `      names=${names ?? "''"} ;;`,
    ].join('\n'),
  );
  return `# For bash, in ~/.bashrc: source <(alfred completion bash)
_alfred() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local i word path='' operands=0 options='' verbs='' names='' words=''
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == -- ]] && return
    case "$path $word" in
    ${valued}) ((i++)) ;;
    ${words}) path="$path $word" ;;
    *' -'*) ;;
    *) ((operands++)) ;;
    esac
  done
  case "$path $prev" in
${known.join('\n')}
    ${valued}) return ;;
  esac
  case "$path" in
${cases.join('\n')}
  esac
  if [[ -z $words ]]; then
    if [[ $cur == -* ]]; then words=$options
    elif [[ -n $verbs ]]; then words=$verbs
    elif [[ -n $names && $operands == 0 ]]; then words=$(alfred completion --names "$names" 2>/dev/null)
    fi
  fi
  # shellcheck disable=SC2207
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _alfred alfred
`;
}
