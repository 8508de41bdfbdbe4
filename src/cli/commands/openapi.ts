import { openApiDocument } from '../../http/openapi/openapi.js';

export function openapi(): string[] {
  return JSON.stringify(openApiDocument(), null, 2).split('\n');
}
