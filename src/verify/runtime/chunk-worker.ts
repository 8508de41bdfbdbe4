import { serveChunks } from './pool.js';

serveChunks();
