// Writes a picture of a page anew with at most 256 colours, which such pictures hardly differ from: a third of the bytes.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = 8;

/** @param png 8 bits a channel, RGB or RGBA, not interlaced, as Chromium writes them; what is transparent becomes opaque */
export function withPalette(png) {
  const { width, height, channels, data } = decoded(png);
  for (let bits = 3; ; bits++) {
    const { palette, indices } = indexed(data, channels, bits);
    if (palette.length > 256) continue;
    const rows = Buffer.alloc(height * (width + 1));
    for (let y = 0; y < height; y++) indices.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
    return Buffer.concat([
      png.subarray(0, SIGNATURE),
      chunk('IHDR', Buffer.concat([numbers(width, height), Buffer.from([8, 3, 0, 0, 0])])),
      chunk('PLTE', Buffer.from(palette.flat())),
      chunk('IDAT', deflateSync(rows, { level: 9 })),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }
}

/** Colours that differ only in so many low bits become the most frequent of them. */
function indexed(data, channels, bits) {
  const counts = new Map();
  const keyAt = (at) => ((data[at] >> bits) << 16) | ((data[at + 1] >> bits) << 8) | (data[at + 2] >> bits);
  for (let at = 0; at < data.length; at += channels) {
    const key = keyAt(at);
    const of = counts.get(key) ?? counts.set(key, new Map()).get(key);
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    of.set(colour, (of.get(colour) ?? 0) + 1);
  }
  const keys = [...counts.keys()];
  const palette = keys.map((key) => {
    const [colour] = [...counts.get(key)].reduce((most, one) => (one[1] > most[1] ? one : most));
    return [colour >> 16, (colour >> 8) & 255, colour & 255];
  });
  const places = new Map(keys.map((key, place) => [key, place]));
  const indices = Buffer.alloc(data.length / channels);
  for (let i = 0; i < indices.length; i++) indices[i] = places.get(keyAt(i * channels));
  return { palette, indices };
}

/** The bytes of all pixels, row by row, without the filters of the rows. */
function decoded(png) {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = png[25] === 6 ? 4 : 3;
  const parts = [];
  for (let at = SIGNATURE; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const filtered = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const data = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < channels ? 0 : data[at - channels];
      const up = y === 0 ? 0 : data[at - stride];
      const corner = x < channels || y === 0 ? 0 : data[at - stride - channels];
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      data[at] = filtered[y * (stride + 1) + 1 + x] + predicted;
    }
  }
  return { width, height, channels, data };
}

function paeth(left, up, corner) {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([numbers(data.length), body, numbers(crc32(body))]);
}

function numbers(...all) {
  const bytes = Buffer.alloc(4 * all.length);
  all.forEach((one, i) => bytes.writeUInt32BE(one, 4 * i));
  return bytes;
}
