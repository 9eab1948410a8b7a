import { stateText, type Release } from '../model/index.ts';
import { notReadable } from '../why/memberAccess.ts';
import { stateIcon } from './icons.ts';
import { joined, oneLine, type Node } from './node.ts';
import { onClusterText, reportOf } from './releaseText.ts';
import type { TreeInput } from './treeInput.ts';

/** A release on one cluster, in either view; `undefined` where it has nothing to do with the cluster. */
export function onClusterNode(
  { model, access }: Pick<TreeInput, 'model' | 'access'>,
  release: Release,
  cluster: string,
  {
    id,
    label,
    where = '',
  }: { readonly id: string; readonly label: string; readonly where?: string },
): Node | undefined {
  const judgement = model.judge(release.key, cluster);
  if (!judgement) return undefined;
  const { state, message } = judgement;
  // Also where another state hides that Flux is told to leave it alone.
  const isSuspended = model.workOn(release.key, cluster)?.isReleaseSuspended === true;
  const refused = access?.(cluster) ? notReadable : '';
  const { reference } = release;
  const report = reportOf(model, release, cluster);
  return {
    id,
    label,
    description: joined([where, onClusterText(judgement, report), refused]),
    icon: stateIcon(state),
    contextValue: joined(
      ['onCluster', reference.kind, state, isSuspended && state !== 'suspended' ? 'suspended' : ''],
      ' ',
    ),
    collapsible: 'none',
    accessibilityLabel: joined(
      [label, where, stateText(state), state === 'ready' ? '' : oneLine(message), refused],
      ', ',
    ),
    reference,
    cluster,
  };
}
