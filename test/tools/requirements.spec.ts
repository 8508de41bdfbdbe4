import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

describe('docs/requirements.md', () => {
  const page = execFileSync(process.execPath, ['scripts/requirements.js'], { encoding: 'utf8' });

  it('is what npm run requirements writes [R43]', () => {
    expect(readFileSync('docs/requirements.md', 'utf8')).toBe(page);
  });

  it('names a test for whatever it says is in the software', () => {
    expect(page).not.toContain('No test bears this number');
  });
});
