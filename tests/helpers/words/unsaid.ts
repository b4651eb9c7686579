/**
 * Finds what a page would say in English whatever the language: text between tags, strings in attributes that are read out or
 * shown, and every string that reads like words, which does not go through `t` or `rich`.
 */
import { isMessageCall } from './messages.ts';
import { calleeOf, isNode, type Node, stringOf, within } from './syntax.ts';

/** Attributes and properties that programs read. */
const technical =
  /^(className|id|to|type|key|role|href|htmlFor|look|size|tone|autoComplete|inputMode|rel|target|method|src|viewBox|d|fill|stroke\w*|hash|params|search|place|icon|side|align|value|name|accept|scope|lang|dir|list|form|mode|width|queryKey|step|auto\w+|aria-(hidden|live|current|haspopup|controls|autocomplete)|data-.+|shapeRendering|rootMargin|timeZone|Authorization|help|panel|style|methods)$/;

/** Properties that are shown, where one word is enough. */
const shown =
  /^(word|words|label|title|hint|lead|verb|keep|said|advice|message|placeholder|about|heading|what|note)$/;

/** Functions whose strings are for programs. */
const technicalCalls =
  /^(cx|buttonClass|getRouteApi|querySelector\w*|getElementById|(add|remove)EventListener|(get|set|remove)Item|fetch|startsWith|endsWith|split|matchMedia|append|page|told|url|register|getValues|setValue|useWatch)$/;

/** What of English stays, for its reason. */
const allowed = new Set([
  // Names, and what keys and keyboards are called.
  ...['Alfred', 'GitHub', 'English', 'Deutsch', 'SKILL.md', 'Ctrl K', 'Esc', 'VM', 'UTC', 'USD'],
  // Units, which are the same in every language that is spoken here.
  ...['KiB', 'MiB', 'MB', '{} min {} s', '{} h {} min'],
  // What is typed elsewhere, and examples of it.
  ...[
    'API_TOKEN',
    'Authorization',
    'enrol_…',
    'TOKEN',
    'GET',
    'POST',
    'status start',
    'npx alfred status --link',
  ],
  ...['claude mcp add --transport http alfred {}', 'http://127.0.0.1:4280/oauth/callback?code=…'],
  '---\nname: morning-papers\ndescription: What is new, before breakfast\n---\n\nWhat to do…',
  // What programs read.
  ...['ApiError', 'AskedMessage', 'Files', 'GrowingProse', 'NFKD', '800px 0px 0px 0px', 'none'],
  ...['go {}', 'connection {}', 'min({}px, calc(100% - 15rem))', 'translate3d(0, {}px, 0)'],
  // Said to those who wrote the page, and to nobody else.
  ...['The page has no #root', 'A message is not well formed at {}: {}'],
]);

export type Unsaid = { at: number; text: string };

type Place = { attribute?: string; property?: string; isChild?: boolean };

export function unsaidIn(node: Node, place: Place = {}): Unsaid[] {
  const { type } = node;
  if (/^(TS(?!As|Satisfies|NonNull)|Import|ExportAll)/.test(type)) return [];
  if (type === 'JSXText')
    return /\p{L}/u.test(String(node.value)) ? found(node, String(node.value).trim()) : [];
  const text = stringOf(node);
  const own = text !== undefined && isSaid(text, place) ? found(node, text) : [];
  return [...own, ...partsOf(node, place).flatMap(([child, there]) => unsaidIn(child, there))];
}

const found = ({ start }: Node, text: string): Unsaid[] => (allowed.has(text) ? [] : [{ at: start, text }]);

/** What is within, and where it stands; without what programs alone read. */
function partsOf(node: Node, place: Place): [Node, Place][] {
  const all = within(node).filter(
    ({ field }) => !/^(key|typeAnnotation|typeArguments|returnType)$/.test(field),
  );
  const parts = (there: Place): [Node, Place][] => all.map(({ child }) => [child, there]);
  switch (node.type) {
    case 'CallExpression':
      return isMessageCall(node) || technicalCalls.test(calleeOf(node))
        ? all
            .filter(({ child }) => stringOf(child) === undefined && !isChoiceOfStrings(child))
            .map(({ child }) => [child, {}])
        : parts({});
    case 'BinaryExpression':
      return all
        .filter(({ child }) => !/^([=!]==?|in)$/.test(String(node.operator)) || stringOf(child) === undefined)
        .map(({ child }) => [child, {}]);
    case 'SwitchCase':
      return all.filter(({ field }) => field === 'consequent').map(({ child }) => [child, {}]);
    case 'MemberExpression':
      return all.filter(({ child }) => stringOf(child) === undefined).map(({ child }) => [child, {}]);
    case 'Property': {
      const property = nameIn(node.key);
      return technical.test(property) && property !== 'name' && property !== 'value'
        ? []
        : parts({ ...place, property });
    }
    case 'JSXAttribute': {
      const attribute = nameIn(node.name);
      if (attribute === 'className') return [];
      return parts(technical.test(attribute) ? {} : { attribute });
    }
    case 'JSXElement':
    case 'JSXFragment':
      return all.map(({ field, child }) => [child, field === 'children' ? { isChild: true } : {}]);
    case 'VariableDeclarator':
      return /(Class|Look)$|^dot$/.test(nameIn(node.id)) ? [] : parts({});
    case 'ConditionalExpression':
    case 'LogicalExpression':
      return all.map(({ field, child }) => [child, field === 'test' ? {} : place]);
    case 'JSXExpressionContainer':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return parts(place);
    default:
      return parts({});
  }
}

/** `rich(isOne ? '…' : '…')` holds two messages. */
const isChoiceOfStrings = (node: Node): boolean =>
  node.type === 'ConditionalExpression' && isNode(node.consequent) && stringOf(node.consequent) !== undefined;

const nameIn = (node: unknown): string => (isNode(node) ? String(node.name ?? node.value ?? '') : '');

/** Whether a string is for people: any word where one is shown, and elsewhere what reads like a sentence or a heading. */
function isSaid(text: string, { attribute, property, isChild }: Place): boolean {
  if (!/\p{L}{2}/u.test(text) || isClasses(text)) return false;
  if (attribute !== undefined || isChild || shown.test(property ?? ''))
    return /\p{L}{2}/u.test(text.replaceAll('{}', ''));
  if (/^[A-Z][\p{L}’]+$/u.test(text)) return true;
  const words = text.replaceAll('{}', '').trim();
  return (
    /\p{L}\s|\s\p{L}/u.test(words) &&
    /^[\p{L}\p{N}\s’“”.,;:!?…()–—·%&/+-]+$/u.test(words) &&
    !/^[/.]|:\/\//.test(words)
  );
}

const utility =
  /^(flex|grid|block|hidden|truncate|relative|absolute|fixed|sticky|border|rounded|italic|underline|inline|shadow|sr-only|group|grow|shrink|\{\})$|^[!\w.@*>&[\]]*[-:][\w[\]/.:%()>&,*_=-]+$/;

/** Classes of Tailwind, most of which have a hyphen or a colon in them. */
function isClasses(text: string): boolean {
  const words = text.trim().split(/\s+/);
  return words.filter((word) => utility.test(word) && !/[.,:;]$/.test(word)).length > words.length / 2;
}
