import { stateText, type ClusterState } from '../model/index.ts';
import { stateIcon } from './icons.ts';
import type { Node } from './node.ts';

/** Stands for all clusters or releases of one state. */
export function stateNode(id: string, state: ClusterState, count: number): Node {
  const text = stateText(state);
  const label = text.charAt(0).toUpperCase() + text.slice(1);
  return {
    id,
    label,
    description: `${count}`,
    icon: stateIcon(state),
    contextValue: 'state',
    collapsible: 'collapsed',
    accessibilityLabel: `${label}, ${count}`,
  };
}
