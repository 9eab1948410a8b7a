import type { Planning } from '../../analysis/index.ts';
import { withCancel } from '../push/pushes.ts';
import { inSteps } from '../timing.ts';

/** Most plans are made before anybody could read that they are being made. */
const unsaid = 500;

/** What is planned, while the window stays usable; `undefined` when the user does not wait for it. */
export async function planned<T extends object>(
  title: string,
  planning: Planning<T>,
): Promise<T | undefined> {
  const started = Date.now();
  const soon = await inSteps(planning, () => Date.now() - started < unsaid);
  if (soon) return soon;
  return withCancel(`${title}: planning`, (signal) => inSteps(planning, () => !signal.aborted));
}
