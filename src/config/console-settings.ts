/** How the console speaks, for the table of all settings (known-keys.ts). */
import { z } from 'zod';
import { languageNames } from '../contract/preferences.ts';
import type { Setting } from './setting.ts';

export const consoleSettings = {
  language: {
    schema: z.enum(languageNames, 'use en or de'),
    otherwise: 'the browser’s',
    words: 'The language of the console: `en` or `de`. The terminal, logs and documents are in English.',
    place: { panel: 'language', label: 'Language' },
  },
  clock: {
    schema: z.enum(['12', '24'], 'use 12 or 24'),
    otherwise: 'as the language has it',
    words: 'Whether the console shows 2:19 PM or 14:19.',
    place: { panel: 'language', label: 'Clock' },
  },
  currency: {
    schema: z
      .string()
      .regex(/^[A-Z]{3}$/, 'use the three letters of a currency, such as EUR')
      .refine(
        (code) => Intl.supportedValuesOf('currency').includes(code),
        'use the three letters of a currency that exists, such as EUR',
      ),
    default: 'USD',
    words:
      'The currency in which the console shows costs. They are billed in US dollars: another one is shown as about so much, by `currency_rate`.',
    place: { panel: 'language', label: 'Currency of costs' },
  },
  currency_rate: {
    schema: z.coerce
      .number('use a number')
      .positive('use a number above 0')
      .max(1_000_000_000, 'use a number up to 1000000000'),
    otherwise: 'costs are shown in US dollars',
    words:
      'How much of `currency` a US dollar is, such as 0.86. It stays as you entered it until you change it.',
    place: { panel: 'language', label: 'One dollar is, in that currency' },
  },
  byte_units: {
    schema: z.enum(['decimal', 'binary'], 'use decimal or binary'),
    default: 'decimal',
    words: 'How the console counts bytes: `decimal` in kB of 1000, `binary` in KiB of 1024.',
    place: { panel: 'language', label: 'Sizes' },
  },
} as const satisfies Record<string, Setting>;
