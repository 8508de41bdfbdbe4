import type { KurrentDBClient } from '@kurrent/kurrentdb-client';

type Channel = Awaited<ReturnType<KurrentDBClient['getChannel']>>;

/** The parts of a grpc-js channel that are changed here. None is public, so each may be missing in a later version. */
interface InnerChannel {
  readonly internalChannel?: {
    getOptions?(): Record<string, unknown>;
    readonly filterStackFactory?: { readonly factories?: FilterFactory[] };
  };
}

interface FilterFactory {
  createFilter(): object;
}

interface Headers {
  set(name: string, value: string): void;
}

const WINDOW_BYTES = 1 << 20;

/**
 * Sets what the client and grpc-js have no option for. Call it before the channel connects. Where a later grpc-js keeps
 * these parts elsewhere, a test fails, and reads become slower; nothing else changes.
 */
export function tuneChannel(channel: Channel): Channel {
  const inner = (channel as unknown as InnerChannel).internalChannel;
  widenWindow(inner?.getOptions?.());
  declineCompression(inner?.filterStackFactory?.factories);
  return channel;
}

/**
 * The default window of 64 KiB holds some fifty records: the server paused whenever this process used what it had read,
 * and opening a study took a third longer.
 */
function widenWindow(options: Record<string, unknown> | undefined): void {
  if (options) options['grpc-node.flow_control_window'] = WINDOW_BYTES;
}

/**
 * grpc-js tells every server that it accepts gzip. From 25.1 on KurrentDB then compresses each event by itself, which
 * makes reading a study several times slower. The added filter comes after the one that sets the header.
 */
function declineCompression(factories: FilterFactory[] | undefined): void {
  factories?.push({ createFilter: () => acceptUncompressedOnly });
}

const passOn = <T>(value: T): T => value;

const acceptUncompressedOnly = {
  async sendMetadata(metadata: Promise<Headers>): Promise<Headers> {
    const headers = await metadata;
    headers.set('grpc-accept-encoding', 'identity');
    return headers;
  },
  receiveMetadata: passOn,
  sendMessage: passOn,
  receiveMessage: passOn,
  receiveTrailers: passOn,
};
