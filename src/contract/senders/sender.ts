import type { HookAnswer, SchemeInput } from '../webhook-scheme.ts';

/** A sender of webhooks that is known by name: how it proves itself, and what its owner does there. */
export type Sender = {
  /** Among the choices of the console. */
  title: string;
  /** How its calls prove themselves, after "it is called": "signed as GitHub signs". */
  words: string;
  /** Other names that people look for. */
  also?: readonly string[];
  scheme: SchemeInput;
  secret: {
    /** `sender`: only it can make the secret. `ours`: made up here. `either`: as one likes. */
    from: 'sender' | 'ours' | 'either';
    /** What the sender calls it. */
    name: string;
    /** It has the handshake of Meta: a word of the owner's own, typed at both sides. */
    verifyToken?: true;
  };
  /** What is clicked there, in order. `{url}` stands for the address of the hook. */
  steps: readonly string[];
  /** What an owner should know of it. */
  know?: string;
  /** What it wants to be answered, where the usual 202 is not it. */
  answer?: HookAnswer;
};
