/** What makes two deliveries the same one. */
import { listOf, placeWords, splitPlace } from '../contract/delivery-place.ts';
import { type Proof, schemeOf } from '../contract/senders/scheme-of.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Delivery } from './senders/delivery.ts';
import { textAt } from './senders/places.ts';

export type Identified = Proof & {
  /** A place of the owner's choice; the scheme's own when left out. */
  dedupeBy?: string | undefined;
};

/** Of a delivery's id, in characters. */
const longestId = 256;

/** Where a hook that has no scheme is told a delivery's id. */
const usualPlace = 'header:webhook-id';

/** Where the id of a delivery stands, and whether it must be there. */
export function idPlaces({ dedupeBy, ...proof }: Identified): {
  places: readonly string[];
  isRequired: boolean;
} {
  if (dedupeBy !== undefined) return { places: [dedupeBy], isRequired: true };
  const scheme = schemeOf(proof);
  if (scheme === undefined) return { places: [usualPlace], isRequired: false };
  return { places: listOf(scheme.id), isRequired: scheme.idRequired === true };
}

/**
 * The id of a delivery; undefined where its scheme has none and none was sent.
 *
 * @param delivery with its content read
 * @throws AlfredError E_MALFORMED when the id that there must be is missing, or when it is too long
 */
export function deliveryId(identified: Identified, delivery: Delivery): string | undefined {
  const { places, isRequired } = idPlaces(identified);
  for (const place of places) {
    const id = textAt(place, delivery);
    if (id !== undefined && id.length > longestId) {
      throw new AlfredError(
        'E_MALFORMED',
        `${capital(placeWords(place))} is longer than ${longestId} characters`,
      );
    }
    if (id !== undefined) return id;
  }
  const [place] = places;
  if (!isRequired || place === undefined) return undefined;
  const isStripe = identified.auth === 'stripe' && splitPlace(place)[1] === '/id';
  const what = isStripe ? "the event's id, /id in the body" : placeWords(place);
  throw new AlfredError('E_MALFORMED', `The delivery has no id: ${what} is missing`, {
    remedy:
      'Without it a second delivery of the same could not be told; "dedupeBy" in the trigger names another.',
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
