/** Finding a text in bytes, in every form in which programs write it. Made without the product's own redaction. */
import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** The forms of a text, by name, as bytes. */
export function formsOf(text: string): Map<string, Buffer> {
  const bytes = Buffer.from(text);
  const each = (write: (byte: number) => string) => Buffer.from([...bytes].map(write).join(''));
  const hex = (byte: number) => byte.toString(16).padStart(2, '0');
  const forms = new Map<string, Buffer>([
    ['raw', bytes],
    ['JSON', Buffer.from(JSON.stringify(text).slice(1, -1))],
    ['JSON twice', Buffer.from(JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1))],
    ['URL', Buffer.from(encodeURIComponent(text))],
    ['form', Buffer.from(new URLSearchParams({ a: text }).toString().slice(2))],
    ['hex', each(hex)],
    ['HEX', each((byte) => hex(byte).toUpperCase())],
    ['every byte of a URL', each((byte) => `%${hex(byte)}`)],
    ['every byte of a URL, upper', each((byte) => `%${hex(byte).toUpperCase()}`)],
    ['escapes', each((byte) => `\\u00${hex(byte)}`)],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE', Buffer.from(text, 'utf16le').swap16()],
  ]);
  for (const shift of [0, 1, 2]) {
    for (const form of ['base64', 'base64url'] as const) {
      const whole = Buffer.concat([Buffer.alloc(shift, 'x'), bytes]).toString(form);
      // The characters that hold bits of the text alone.
      const own = whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
      forms.set(`${form} at ${shift}`, Buffer.from(own));
    }
  }
  return forms;
}

export type Finding = { text: string; form: string; around: string };

/** Every text that is in `bytes`, in whichever form, packed ones within it too. */
export function findIn(bytes: Buffer, texts: readonly string[], depth = 0): Finding[] {
  const found = texts.flatMap((text) =>
    [...formsOf(text)].flatMap(([form, pattern]): Finding[] => {
      const at = bytes.indexOf(pattern);
      if (at < 0) return [];
      const around = bytes.subarray(Math.max(0, at - 60), at + pattern.length + 20).toString('latin1');
      return [{ text, form, around: around.replaceAll(/[^\x20-\x7e]+/g, ' ') }];
    }),
  );
  if (depth === 3) return found;
  return [...found, ...unpacked(bytes).flatMap((inner) => findIn(inner, texts, depth + 1))];
}

const packings: [magic: Buffer, unpack: (bytes: Buffer) => Buffer][] = [
  [Buffer.from([0x1f, 0x8b, 0x08]), gunzipSync],
  [Buffer.from([0x78, 0x9c]), inflateSync],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), zstdDecompressSync],
];

/** What is packed in `bytes`, wherever it begins. What only looks like a beginning is none. */
function unpacked(bytes: Buffer): Buffer[] {
  return packings.flatMap(([magic, unpack]) => {
    const found: Buffer[] = [];
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      try {
        found.push(unpack(bytes.subarray(at)));
      } catch {
        // Three bytes like others, or cut off: there is nothing to read.
      }
    }
    return found;
  });
}
