import type { Server } from '@grpc/grpc-js';
import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import { gzipSync } from 'node:zlib';

/** Before each message: a byte that says whether it is compressed, and four for its length. */
const FRAME_HEAD = 5;

/**
 * Compresses each answer for a client that accepts gzip, as KurrentDB does from 25.1 on. A grpc-js server never does, so
 * its frames are replaced on their way out.
 */
export function compressAnswers(server: Server, onCompressed: () => void): void {
  const { http2Servers } = server as unknown as { http2Servers: Map<Http2Server, unknown> };
  for (const http2 of http2Servers.keys())
    http2.prependListener('stream', (stream, headers) => {
      const accepted = String(headers['grpc-accept-encoding']).split(',');
      if (accepted.includes('gzip')) compressStream(stream, onCompressed);
    });
}

function compressStream(stream: ServerHttp2Stream, onCompressed: () => void): void {
  const respond = stream.respond.bind(stream);
  const write = stream.write.bind(stream) as (frame: Buffer, done?: (error: unknown) => void) => boolean;
  stream.respond = (headers, options) => respond({ ...headers, 'grpc-encoding': 'gzip' }, options);
  stream.write = ((frame: Buffer, done?: (error: unknown) => void) => {
    onCompressed();
    return write(compressFrame(frame), done);
  }) as typeof stream.write;
}

function compressFrame(frame: Buffer): Buffer {
  const body = gzipSync(frame.subarray(FRAME_HEAD));
  const head = Buffer.alloc(FRAME_HEAD);
  head.writeUInt8(1);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}
