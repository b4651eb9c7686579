/** What things are called in the console: its pages, the panels of them, and their fields. */
import { settings } from '../../../src/config/known-keys.ts';
import type { Setting } from '../../../src/config/setting.ts';
import { channelKindNames, kindFacts } from '../../../src/contract/channel-kinds.ts';
import { connectionTypes, type FieldFacts } from '../../../src/contract/connection-types.ts';
import type { SkillField } from '../../../src/contract/skill-field.ts';
import { skillFields } from '../../../src/contract/skill-fields.ts';
import { calleeOf, consoleFiles, type Node, stringOf, within } from './syntax.ts';

/** The attribute by which each is called; what is not among them is pressed, and says by itself what it does. */
const called: Readonly<Record<string, string>> = {
  ...{ Panel: 'title', Field: 'label', TextField: 'label', Choice: 'label', Check: 'label' },
  ...{ Copied: 'label', Day: 'label', Hour: 'label', Prompt: 'label' },
};

export function labels(): string[] {
  const texts = [
    ...consoleFiles().flatMap(({ file, program }) => [
      ...labelsIn(program),
      ...(file === 'layout/places.ts' ? namesIn(program) : []),
    ]),
    ...Object.values<SkillField>(skillFields).map(({ form }) => form?.label),
    ...Object.values<Setting>(settings).map(({ place }) => place?.label),
    ...Object.values(connectionTypes).flatMap(({ form }) =>
      Object.values<FieldFacts>(form).map(({ label }) => label),
    ),
    ...channelKindNames.flatMap((kind) =>
      Object.values<{ label: string }>(kindFacts(kind).fields).map(({ label }) => label),
    ),
  ];
  return [...new Set(texts.filter((text) => text !== undefined))].sort();
}

function labelsIn(node: Node): string[] {
  const own =
    node.type === 'JSXOpeningElement'
      ? (node.attributes as Node[]).flatMap((attribute) => {
          const name = (attribute.name as Node | undefined)?.name;
          const isLabel = name !== undefined && called[String((node.name as Node).name)] === name;
          return isLabel ? said((attribute.value as Node).expression as Node | undefined) : [];
        })
      : [];
  return [...own, ...within(node).flatMap(({ child }) => labelsIn(child))];
}

/** What `name: t('…')` says. */
function namesIn(node: Node): string[] {
  const own = node.type === 'Property' && (node.key as Node).name === 'name' ? said(node.value as Node) : [];
  return [...own, ...within(node).flatMap(({ child }) => namesIn(child))];
}

/** The text of `t('…')`, where nothing is put into it. */
function said(node: Node | undefined): string[] {
  if (node?.type !== 'CallExpression' || calleeOf(node) !== 't') return [];
  const [text, values] = node.arguments as Node[];
  return text === undefined || values !== undefined ? [] : [stringOf(text) ?? []].flat();
}
