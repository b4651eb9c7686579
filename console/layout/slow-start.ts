/**
 * Stands first in the document. On a slow line the script is what is waited for longest, and is asked for at once; on a quick one
 * reading it would keep the frame from being drawn, and it is asked for once that is there (stand-frame.ts).
 */
import { askFirst } from './ask.ts';

/** By when the document is being read where line and machine are quick, in milliseconds since it was asked for. */
const slowMs = 300;

if (performance.now() > slowMs) askFirst();
