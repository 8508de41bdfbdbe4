import { rmSync } from 'node:fs';

/** After the last suite: nothing of the run stays on the disk. */
export default function endRun() {
  rmSync(process.env.TEST_RUN_FOLDER, { recursive: true, force: true });
}
