/** The messages that the console says: what stands in `t('…')` and `rich('…')`. */
import { calleeOf, type Node, stringOf, within } from './syntax.ts';

/** @throws Error for a message that does not stand in the call itself: no reader and no test would find it */
export function messagesIn(node: Node): string[] {
  const own = isMessageCall(node) ? literalsOf((node.arguments as Node[])[0]) : [];
  return [...own, ...within(node).flatMap(({ child }) => messagesIn(child))];
}

export const isMessageCall = (node: Node): boolean =>
  node.type === 'CallExpression' && /^(t|rich)$/.test(calleeOf(node));

function literalsOf(node: Node | undefined): string[] {
  if (node?.type === 'ConditionalExpression')
    return [...literalsOf(node.consequent as Node), ...literalsOf(node.alternate as Node)];
  const text = node?.type === 'Literal' ? stringOf(node) : undefined;
  if (text === undefined) throw new Error(`A message is no string in its call, at ${node?.start}`);
  return [text];
}
