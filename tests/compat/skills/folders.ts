/** Repositories with skills that people install, each at one commit. Every folder with a SKILL.md in it is one. */
import type { Source } from '../checkout.ts';

export type SkillSource = Source & { title: string };

export const skillSources: readonly SkillSource[] = [
  { title: 'Anthropic', repository: 'anthropics/skills', commit: '9d2f1ae187231d8199c64b5b762e1bdf2244733d' },
  { title: 'OpenAI', repository: 'openai/skills', commit: 'f6b8344b4e519f964d8884d6f60b57991f3f4993' },
  {
    title: 'Vercel',
    repository: 'vercel-labs/agent-skills',
    commit: 'b9c8ee0643d87d3c5a953d1e22382ff2ead39229',
  },
  {
    title: 'Superpowers',
    repository: 'obra/superpowers',
    commit: '44c9b2d6e889982ac18c27d05a19fefe335194e1',
  },
  {
    title: 'Obsidian',
    repository: 'kepano/obsidian-skills',
    commit: 'a1dc48e68138490d522c04cbf5822214c6eb1202',
  },
  {
    title: 'Trail of Bits',
    repository: 'trailofbits/skills',
    commit: '293fb74c3151cceda32a85a545fe8acd67f8f5c6',
  },
];
