import { preferredMedia } from '../../src/http/reads/accept.js';

const LINES = 'application/x-ndjson';
const EVENTS = 'text/event-stream';

describe('the media type that Accept prefers', () => {
  it.each([
    [undefined, LINES],
    ['*/*', LINES],
    ['text/event-stream', EVENTS],
    ['TEXT/EVENT-STREAM', EVENTS],
    ['text/*', EVENTS],
    ['text/event-stream, application/x-ndjson', EVENTS],
    ['application/x-ndjson;q=0.4, text/event-stream;q=0.8', EVENTS],
    ['*/*, application/x-ndjson;q=0.1', EVENTS],
    ['application/x-ndjson;q=0, */*;q=0.1', EVENTS],
    ['text/html, */*;q=0.1', LINES],
    ['text/html', undefined],
    ['text/event-stream;q=0', undefined],
    ['text/event-stream;q=high', undefined],
    ['', undefined],
  ])('in %p is %p', (accept, media) => {
    expect(preferredMedia(accept, [LINES, EVENTS])).toBe(media);
  });
});
