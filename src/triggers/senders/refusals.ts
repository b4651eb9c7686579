/** Why a delivery is not taken for its sender's; never what the signature should be. */
import { placeWords, splitPlace } from '../../contract/delivery-place.ts';
import { AlfredError } from '../../kernel/errors.ts';

export const refusal = (message: string, options: { remedy?: string } = {}): AlfredError =>
  new AlfredError('E_UNAUTHENTICATED', message, options);

export const wrongSignature = (): AlfredError =>
  refusal('The signature does not fit the body and the secret', {
    remedy: 'See that the sender has the present secret, and that nothing on the way changes the body.',
  });

export const wrongSecret = (place: string): AlfredError =>
  place === 'header:authorization'
    ? refusal('The bearer token is not the one of this webhook', {
        remedy: "Send Authorization: Bearer <the webhook's secret>.",
      })
    : refusal(`The secret in ${placeWords(place)} is not the one of this webhook`, {
        remedy: 'See that the sender has the present secret.',
      });

export function missing(place: string): AlfredError {
  const [kind, name] = splitPlace(place);
  const what = kind === 'header' ? `The header ${name.toLowerCase()}` : capital(placeWords(place));
  return refusal(`${what} is missing`, {
    remedy: "Have the sender sign with this webhook's scheme; npx alfred skill curl <slug> shows how.",
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** @param offBy seconds; negative for what is past */
export const wrongTime = (offBy: number, tolerance: number): AlfredError =>
  refusal(
    `The delivery was signed ${Math.abs(offBy)} seconds ${offBy < 0 ? 'ago' : 'ahead of now'}; ${tolerance} are allowed`,
    { remedy: 'Send it anew with the present time, and see that both clocks are right.' },
  );
