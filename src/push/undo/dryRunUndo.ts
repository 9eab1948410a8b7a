import { inTurns } from '../prepare/inTurns.ts';
import { isAnswer } from '../prepare/isAnswer.ts';
import { isDefinition, isNamespace } from '../prepare/surroundings.ts';
import { verdictsOf } from '../prepare/verdicts.ts';
import { withPrecondition } from '../prepare/withPrecondition.ts';
import type { PushApi } from '../ports.ts';
import { contentOf } from '../run/objectContent.ts';
import { withContent } from '../run/restoreObject.ts';
import { uidOf, versionOf } from '../run/standing.ts';
import { withSecretValuesOf } from '../run/withoutSecretValues.ts';
import { getOrNone } from '../run/writeStep.ts';
import type { ObjectChange } from '../types.ts';

/**
 * The changes of an undo as the server takes them, by a dry run of each: who may apply may not always replace or delete,
 * and a namespace may have gone. What the same undo has to create a namespace or a kind for is left to the run.
 */
export async function dryRunUndo(
  changes: readonly ObjectChange[],
  api: PushApi,
): Promise<readonly ObjectChange[]> {
  const created = changes.filter(({ type }) => type === 'create').map(({ reference }) => reference);
  const namespaces = new Set(created.filter(isNamespace).map(({ name }) => name));
  const hasNewKinds = created.some(isDefinition);
  return inTurns(changes, async (change) => {
    const { reference } = change;
    const isEarly =
      namespaces.has(reference.namespace) || (hasNewKinds && change.type === 'create');
    if (isEarly) return change;
    try {
      await dryRun(api, change);
      return { ...change, checkedBy: 'server' };
    } catch (error) {
      if (!isAnswer(error)) throw error;
      // Somebody has written since: the run finds out what.
      if (error.reason === 'conflict') return change;
      return { ...change, verdicts: verdictsOf(error, reference) };
    }
  });
}

async function dryRun(api: PushApi, { type, reference, before, after }: ObjectChange) {
  const options = { dryRun: true };
  if (type === 'delete') {
    await api.delete(
      reference,
      { uid: uidOf(before), resourceVersion: versionOf(before) },
      options,
    );
  } else if (type === 'create' && after) {
    await api.apply(reference, withPrecondition(contentOf(after), undefined), options);
  } else if (after) {
    // Values of Secrets are in no review: they are read once more, and are as they stay.
    const now = await getOrNone(api, reference);
    if (now)
      await api.replace(reference, withContent(now, withSecretValuesOf(after, now)), options);
  }
}
