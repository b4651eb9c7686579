/** What can stand behind `alfred`, from commander's own tree: what the scripts for shells are written from. */
import type { Command, Option } from 'commander';

/** What a word names, where the shell may ask the VM which there are. */
export const namedKinds = ['skill', 'connection', 'key'] as const;
export type NamedKind = (typeof namedKinds)[number];

export type OptionWord = {
  /** `-n` and `--limit`, as far as it has them. */
  flags: string[];
  summary: string;
  takesValue: boolean;
  /** The values that it takes; empty where any goes. */
  choices: readonly string[];
  names: NamedKind | undefined;
};

/** A place on the command line: behind `alfred skill`, say, or behind `alfred skill run`. */
export type Place = {
  /** The words so far, each after a space: ` skill run`; empty behind `alfred` itself. */
  path: string;
  verbs: { name: string; summary: string }[];
  options: OptionWord[];
  /** What the first word that is no option names. */
  names: NamedKind | undefined;
};

/** A slug is always a skill's; a name is a connection's where connections are spoken of. */
function namedBy(argument: string | undefined, path: string): NamedKind | undefined {
  if (argument === 'slug') return 'skill';
  if (argument === 'key') return 'key';
  // A new connection has a new name.
  return argument === 'name' && /^ connection (?!add$)/.test(path) ? 'connection' : undefined;
}

const optionWord = (option: Option, path: string): OptionWord => ({
  flags: [option.short, option.long].filter((flag) => flag !== undefined),
  summary: option.description,
  takesValue: option.required || option.optional,
  choices: option.argChoices ?? [],
  names: namedBy(/<([\w-]+)>/.exec(option.flags)?.[1], path),
});

/** Every place that there is, from `program` down; what is hidden from help is hidden here. */
export function placesOf(program: Command, path = ''): Place[] {
  const help = program.createHelp();
  const children = help.visibleCommands(program).filter((child) => child.name() !== 'help');
  const place: Place = {
    path,
    verbs: children.map((child) => ({ name: child.name(), summary: child.summary() || child.description() })),
    options: help.visibleOptions(program).map((option) => optionWord(option, path)),
    names: namedBy(program.registeredArguments[0]?.name(), path),
  };
  return [place, ...children.flatMap((child) => placesOf(child, `${path} ${child.name()}`))];
}

/** `'it'\''s'`: a word that no shell reads anything into. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Patterns of a shell's `case`, each with the place before it; null where there are none. */
const pattern = (words: string[]): string | null => (words.length === 0 ? null : words.map(quoted).join('|'));

export type Patterns = {
  /** Every noun and verb, behind where it may stand. */
  words: string | null;
  /** Every option that takes a value. */
  valued: string | null;
  /** The options whose values are known, or asked for. */
  values: { pattern: string; choices: readonly string[]; names: NamedKind | undefined }[];
};

/** The patterns that bash and zsh have in common. */
export function patternsOf(places: readonly Place[]): Patterns {
  const at = ({ path }: Place, flags: string[]) => flags.map((flag) => `${path} ${flag}`);
  const valued = places.flatMap((place) =>
    place.options.filter((option) => option.takesValue).map((option) => ({ place, option })),
  );
  return {
    words: pattern(
      places.flatMap((place) =>
        at(
          place,
          place.verbs.map(({ name }) => name),
        ),
      ),
    ),
    valued: pattern(valued.flatMap(({ place, option }) => at(place, option.flags))),
    values: valued
      .filter(({ option }) => option.choices.length > 0 || option.names !== undefined)
      .map(({ place, option }) => ({
        pattern: pattern(at(place, option.flags)) ?? '',
        choices: option.choices,
        names: option.names,
      })),
  };
}
