/**
 * The ways in which a model's answers end, and what the execution says then: docs/endings.md is the same for people. Each is
 * a run of one step by the real agent against the scripted endpoint (run-endings.ts).
 */
import type { ErrorCode } from '../../src/contract/errors.ts';
import type { Step } from '../../src/contract/skills.ts';
import type { ScriptedBlock, ScriptedBreak, ScriptedFailure, ScriptedTurn } from './messages-api-script.ts';

export type Ending = {
  name: string;
  /** What the endpoint answers, one after the other; the last one ever after. */
  turns: (ScriptedTurn | ScriptedFailure)[];
  step?: Partial<Step>;
  maxCostUsd?: number;
  /** How often the endpoint is asked. */
  asked: number;
} & ({ output: string } | { code: ErrorCode });

/** Its tools `echo` and `fail` need no arguments. */
const tools = { allowedTools: ['mcp__hostile__echo', 'mcp__hostile__fail'] };
const one = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] };
const schema = { outputSchema: one };

const text = (words: string): ScriptedBlock => ({ text: words });
const thought: ScriptedBlock = { thinking: 'Hm.' };
const call = (id?: string, name = 'mcp__hostile__echo'): ScriptedBlock => ({
  call: { name, input: {}, ...(id === undefined ? {} : { id }) },
});
const answerWith = (input: unknown): ScriptedBlock => ({ call: { name: 'StructuredOutput', input } });
const says = (...content: ScriptedBlock[]): ScriptedTurn => ({ content });
const stops = (stopReason: string, ...content: ScriptedBlock[]): ScriptedTurn => ({ content, stopReason });
const breaks = (by: ScriptedBreak['by'], afterBlocks: number, ...content: ScriptedBlock[]): ScriptedTurn => ({
  content,
  breaks: { afterBlocks, by },
});
const breaksWithin = (
  by: ScriptedBreak['by'],
  afterBlocks: number,
  ...content: ScriptedBlock[]
): ScriptedTurn => ({
  content,
  breaks: { afterBlocks, withinNext: true, by },
});
const refuses = (message: string): ScriptedFailure => ({ fail: 'bad-request', message });

export const endings: Ending[] = [
  // The blocks of one answer
  { name: 'one block', turns: [says(text('One.'))], asked: 1, output: 'One.' },
  { name: 'two blocks', turns: [says(text('One. '), text('Two.'))], asked: 1, output: 'One. Two.' },
  { name: 'a thought first', turns: [says(thought, text('One.'))], asked: 1, output: 'One.' },
  {
    name: 'a thought between',
    turns: [says(text('One.'), thought, text('Two.'))],
    asked: 1,
    output: 'One.\n\nTwo.',
  },
  { name: 'a thought last', turns: [says(text('One.'), thought)], asked: 1, output: 'One.' },
  { name: 'a stop sequence', turns: [stops('stop_sequence', text('One.'))], asked: 1, output: 'One.' },
  // Nothing to read
  { name: 'nothing twice', turns: [says()], asked: 2, code: 'E_NO_ANSWER' },
  { name: 'nothing, then words', turns: [says(), says(text('Late.'))], asked: 2, output: 'Late.' },
  { name: 'white space twice', turns: [says(text(' \n'))], asked: 2, code: 'E_NO_ANSWER' },
  {
    name: 'white space, then words',
    turns: [says(text(' \n')), says(text('Late.'))],
    asked: 2,
    output: 'Late.',
  },
  { name: 'a thought alone, twice', turns: [says(thought)], asked: 2, code: 'E_NO_ANSWER' },
  {
    name: 'a thought alone, then words',
    turns: [says(thought), says(text('Late.'))],
    asked: 2,
    output: 'Late.',
  },
  // Answers longer than one may be
  {
    name: 'cut by length, gone on with',
    turns: [stops('max_tokens', text('One, ')), says(text('two.'))],
    asked: 2,
    output: 'One, two.',
  },
  {
    name: 'cut by length three times',
    turns: [
      stops('max_tokens', text('1')),
      stops('max_tokens', text('2')),
      stops('max_tokens', text('3')),
      says(text('4')),
    ],
    asked: 4,
    output: '1234',
  },
  {
    name: 'cut by length for ever',
    turns: [stops('max_tokens', text('On '))],
    asked: 4,
    code: 'E_ANSWER_TOO_LONG',
  },
  {
    name: 'cut by length in a thought',
    turns: [stops('max_tokens', thought), says(text('Well.'))],
    asked: 2,
    output: 'Well.',
  },
  {
    name: 'cut by length, gone on with after a thought',
    turns: [stops('max_tokens', text('One'), text(', ')), says(thought, text('two.'))],
    asked: 2,
    output: 'One, two.',
  },
  {
    name: 'cut by length after a call',
    step: tools,
    turns: [stops('max_tokens', text('A'), call()), says(text('Done.'))],
    asked: 2,
    output: 'Done.',
  },
  {
    name: 'a tool, then cut by length',
    step: tools,
    turns: [says(text('Look.'), call()), stops('max_tokens', text('One, ')), says(text('two.'))],
    asked: 3,
    output: 'One, two.',
  },
  {
    name: 'cut by length, gone on with by a call',
    step: tools,
    turns: [stops('max_tokens', text('One, ')), says(call()), says(text('Done.'))],
    asked: 3,
    output: 'Done.',
  },
  {
    name: 'cut by length, then withheld',
    turns: [stops('max_tokens', text('One, ')), stops('refusal', text('bad')), says(text('two.'))],
    asked: 3,
    output: 'One, two.',
  },
  {
    name: 'cut by our own cap',
    maxCostUsd: 0.06,
    turns: [stops('max_tokens', text('One, ')), says(text('two.'))],
    asked: 1,
    code: 'E_COST_CAP',
  },
  {
    name: 'cut by our own cap after a tool',
    maxCostUsd: 0.06,
    step: tools,
    turns: [says(text('Look.'), call()), stops('max_tokens', text('One, ')), says(text('two.'))],
    asked: 2,
    code: 'E_COST_CAP',
  },
  // Connections that break
  {
    name: 'cut after a block',
    turns: [breaks('cut', 1, text('One. '), text('Lost.')), says(text('Two.'))],
    asked: 2,
    output: 'One. Two.',
  },
  {
    name: 'reset after a block',
    turns: [breaks('reset', 1, text('One. '), text('Lost.')), says(text('Two.'))],
    asked: 2,
    output: 'One. Two.',
  },
  {
    name: 'overloaded after a block',
    turns: [breaks('overloaded', 1, text('One. '), text('Lost.')), says(text('Two.'))],
    asked: 2,
    output: 'One. Two.',
  },
  {
    name: 'cut within the second block',
    turns: [breaksWithin('cut', 1, text('One. '), text('Lost.')), says(text('Two.'))],
    asked: 2,
    output: 'One. Two.',
  },
  {
    name: 'cut within the first block',
    turns: [breaksWithin('cut', 0, text('Lost.')), says(text('Whole.'))],
    asked: 2,
    output: 'Whole.',
  },
  {
    name: 'reset before a block',
    turns: [breaks('reset', 0, text('Lost.')), says(text('Whole.'))],
    asked: 2,
    output: 'Whole.',
  },
  {
    name: 'overloaded within the first block',
    turns: [breaksWithin('overloaded', 0, text('Lost.')), says(text('Whole.'))],
    asked: 2,
    output: 'Whole.',
  },
  {
    name: 'cut after a block, for ever',
    turns: [breaks('cut', 1, text('One. '), text('Lost.'))],
    asked: 4,
    code: 'E_MODEL_UNREACHABLE',
  },
  {
    name: 'overloaded after a block, for ever',
    turns: [breaks('overloaded', 1, text('One. '), text('Lost.'))],
    asked: 4,
    code: 'E_MODEL_OVERLOADED',
  },
  {
    name: 'cut after a thought',
    turns: [breaks('cut', 1, thought, text('Lost.')), says(text('Whole.'))],
    asked: 2,
    output: 'Whole.',
  },
  {
    name: 'cut after a call',
    step: tools,
    turns: [breaks('cut', 2, text('Look.'), call()), says(text('Done.'))],
    asked: 2,
    output: 'Done.',
  },
  {
    name: 'cut within a call',
    step: tools,
    turns: [breaksWithin('cut', 1, text('One. '), call()), says(text('Two.'))],
    asked: 2,
    output: 'One. Two.',
  },
  {
    name: 'cut after a block, then by length',
    turns: [
      breaks('cut', 1, text('One, '), text('Lost.')),
      stops('max_tokens', text('two, ')),
      says(text('three.')),
    ],
    asked: 3,
    output: 'One, two, three.',
  },
  // Tools
  {
    name: 'words after a tool',
    step: tools,
    turns: [says(text('Look.'), call()), says(text('Done.'))],
    asked: 2,
    output: 'Done.',
  },
  {
    name: 'nothing after a tool',
    step: tools,
    turns: [says(text('Done so far.'), call()), says()],
    asked: 3,
    output: 'Done so far.',
  },
  {
    name: 'words on both sides of a call',
    step: tools,
    turns: [says(text('Look.'), call(), text('Wait.')), says(text('Done.'))],
    asked: 2,
    output: 'Done.',
  },
  {
    name: 'two calls at once',
    step: tools,
    turns: [says(call(), call()), says(text('Done.'))],
    asked: 2,
    output: 'Done.',
  },
  {
    name: 'nothing after two tools',
    step: tools,
    turns: [says(text('First.'), call()), says(text('Second.'), call()), says()],
    asked: 4,
    output: 'Second.',
  },
  {
    name: 'nothing at all after a tool',
    step: tools,
    turns: [says(call()), says()],
    asked: 3,
    code: 'E_NO_ANSWER',
  },
  {
    name: 'a call at the end of a turn',
    step: tools,
    turns: [stops('end_turn', text('Look.'), call()), says(text('Done.'))],
    asked: 2,
    output: 'Done.',
  },
  {
    name: 'a stop for a call that is not there',
    turns: [stops('tool_use', text('Lost.')), says(text('Whole.'))],
    asked: 2,
    output: 'Whole.',
  },
  {
    name: 'one id for two calls',
    step: tools,
    turns: [says(call('toolu_1')), says(call('toolu_1')), says(text('Done.'))],
    asked: 3,
    output: 'Done.',
  },
  {
    name: 'a tool that fails',
    step: tools,
    turns: [says(call(undefined, 'mcp__hostile__fail')), says(text('It failed.'))],
    asked: 2,
    output: 'It failed.',
  },
  {
    name: 'a tool that the step does not have',
    step: tools,
    turns: [says(call(undefined, 'mcp__hostile__die')), says(text('It is not mine.'))],
    asked: 2,
    output: 'It is not mine.',
  },
  {
    name: 'more turns than allowed',
    step: { ...tools, maxTurns: 2 },
    turns: [says(text('Round.'), call())],
    asked: 2,
    code: 'E_MAX_TURNS',
  },
  // Other ends
  { name: 'declined twice', turns: [stops('refusal', text('I sta'))], asked: 2, code: 'E_MODEL_DECLINED' },
  {
    name: 'declined, then words',
    turns: [stops('refusal', text('I sta')), says(text('Fine.'))],
    asked: 2,
    output: 'Fine.',
  },
  {
    name: 'paused',
    turns: [stops('pause_turn', text('One, ')), says(text('two.'))],
    asked: 1,
    code: 'E_ANSWER_INCOMPLETE',
  },
  {
    name: 'paused with a call',
    step: tools,
    turns: [stops('pause_turn', text('One, '), call()), says(text('two.'))],
    asked: 1,
    code: 'E_ANSWER_INCOMPLETE',
  },
  {
    name: 'stopped for a reason that is new',
    turns: [stops('brand_new', text('One, ')), says(text('two.'))],
    asked: 1,
    code: 'E_ANSWER_INCOMPLETE',
  },
  {
    name: 'stopped by a full context',
    turns: [stops('model_context_window_exceeded', text('One, ')), says(text('two.'))],
    asked: 1,
    code: 'E_PROMPT_TOO_LONG',
  },
  {
    name: 'a context nearly full',
    step: tools,
    turns: [{ ...says(call()), usage: { input_tokens: 990_000 } }, says(text('Summed up.'))],
    asked: 1,
    code: 'E_PROMPT_TOO_LONG',
  },
  {
    name: 'a prompt too long in mid-step',
    step: tools,
    turns: [says(text('Look.'), call()), { fail: 'prompt-too-long' }, says(text('Summed up.'))],
    asked: 2,
    code: 'E_PROMPT_TOO_LONG',
  },
  {
    name: 'an input with no room for an answer',
    turns: [refuses('input length and `max_tokens` exceed context limit: 199000 + 32000 > 200000')],
    asked: 1,
    code: 'E_PROMPT_TOO_LONG',
  },
  {
    name: 'a limit of the account',
    turns: [
      refuses(
        'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
      ),
    ],
    asked: 3,
    code: 'E_MODEL_BILLING',
  },
  // Answers in a form
  {
    name: 'the form at once',
    step: schema,
    turns: [says(text('Here.'), answerWith({ a: 1 }))],
    asked: 1,
    output: '{"a":1}',
  },
  {
    name: 'prose, then the form',
    step: schema,
    turns: [says(text('It is 1.')), says(answerWith({ a: 1 }))],
    asked: 2,
    output: '{"a":1}',
  },
  { name: 'prose twice', step: schema, turns: [says(text('It is 1.'))], asked: 2, code: 'E_OUTPUT_SCHEMA' },
  {
    name: 'JSON in prose, twice',
    step: schema,
    turns: [says(text('```json\n{"a":1}\n```'))],
    asked: 2,
    code: 'E_OUTPUT_SCHEMA',
  },
  {
    name: 'another form, then the form',
    step: schema,
    turns: [says(answerWith({ a: 'x' })), says(answerWith({ a: 1 }))],
    asked: 2,
    output: '{"a":1}',
  },
  {
    name: 'another form, then prose',
    step: schema,
    turns: [says(answerWith({ a: 'x' })), says(text('Done.'))],
    asked: 3,
    code: 'E_OUTPUT_SCHEMA',
  },
  {
    name: 'another form for ever',
    step: schema,
    turns: [says(answerWith({ a: 'x' }))],
    asked: 5,
    code: 'E_OUTPUT_SCHEMA',
  },
  {
    name: 'a form that only our own check knows',
    step: {
      outputSchema: { ...one, properties: { a: { type: 'array', prefixItems: [{ type: 'number' }] } } },
    },
    turns: [says(answerWith({ a: ['x'] }))],
    asked: 1,
    code: 'E_OUTPUT_SCHEMA',
  },
  {
    name: 'a list as the form',
    step: { outputSchema: { type: 'array', items: { type: 'number' } } },
    turns: [says(answerWith({ value: [1, 2] }))],
    asked: 1,
    output: '[1,2]',
  },
  {
    name: 'a text as the form',
    step: { outputSchema: { type: 'string' } },
    turns: [says(answerWith({ value: 'yes' }))],
    asked: 1,
    output: '"yes"',
  },
  {
    name: 'a union that refers to itself as the form',
    step: { outputSchema: { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#' } }] } },
    turns: [says(answerWith({ value: ['a', ['b']] }))],
    asked: 1,
    output: '["a",["b"]]',
  },
];
