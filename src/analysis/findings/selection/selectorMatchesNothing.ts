import { listName } from '../../listName.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { isExpectedHere, missedSelectors } from './nearMiss.ts';
import type { MissedSelector } from './nearMiss.ts';
import { selectorNode } from './selectorNode.ts';

/** `selector-matches-nothing` on selectors of policies, with what was probably meant. */
export function selectorMatchesNothing(snapshot: Snapshot): readonly Finding[] {
  return missedSelectors(snapshot).flatMap((missed): Finding[] => {
    if (!isExpectedHere(snapshot, missed)) return [];
    const { idle, miss } = missed;
    const related = miss.meant
      .slice(0, 3)
      .map(({ item }) => ({ item, path: ['metadata', 'name'], message: 'Perhaps this is meant.' }));
    return [
      {
        code: 'selector-matches-nothing',
        ...selectorNode(idle.item, idle.index, idle.selector),
        message: messageOf(missed),
        ...(related.length > 0 ? { related } : {}),
      },
    ];
  });
}

function messageOf({ idle, miss }: MissedSelector): string {
  const { kind, namespace, name, item } = idle;
  const scope = namespace === '' ? '' : ` in namespace ${namespace}`;
  const result =
    item.role === 'override' ? 'so this changes nothing' : 'so this propagates nothing';
  switch (miss.type) {
    case 'name':
      return `There is no ${kind} ${name}${scope}, ${result}; did you mean ${miss.name}?`;
    case 'kind':
      return `There is no kind ${kind} here, ${result}; did you mean ${miss.kind}?`;
    case 'namespace': {
      const found = listName(kind, miss.namespace, name);
      return !item.kind.startsWith('Cluster')
        ? `This policy selects in its own namespace ${namespace} only and ${found} is in another, ${result}; put the policy into namespace ${miss.namespace}.`
        : `There is no ${kind} ${name}${scope}, ${result}; did you mean namespace ${miss.namespace}?`;
    }
    case 'version':
    case 'nothing':
      return name === ''
        ? `No ${kind}${scope} fits this, ${result}; change the selector or the labels of what it should select.`
        : `There is no ${kind} ${name}${scope}, ${result}; check the name or add the object.`;
  }
}
