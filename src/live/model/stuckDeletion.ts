import type { WorkRow } from '../rows.ts';

/**
 * Why a Work that is being deleted does not go, as a sentence; '' where it goes. Of an object that is to stay on the
 * member Karmada takes its own labels off first, and where there is no such object it tries that for ever
 * (`handleWorkDelete` of `pkg/controllers/execution/execution_controller.go`).
 */
export function stuckDeletion(
  work: Pick<WorkRow, 'deletedAt' | 'isPreserving' | 'applied'>,
): string {
  const isStuck =
    work.deletedAt !== '' && work.isPreserving === true && work.applied?.status !== 'True';
  return isStuck
    ? 'Karmada cannot finish deleting the Work: preserveResourcesOnDeletion is on, and the object is not on the member.'
    : '';
}
