import {
  apiGroup,
  arrayMember,
  compileResourceSelector,
  stringMember,
} from '../../../engine/index.ts';
import { propagationUses } from '../../propagationUses.ts';
import type { Snapshot, Template } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { selectorNode } from '../selection/selectorNode.ts';
import { interpreterOf } from './interpreters.ts';

/**
 * `health-not-interpreted`: Karmada interprets HelmReleases of version v2beta1 only, and what it does not interpret it
 * takes for healthy as soon as it is applied (`pkg/controllers/status/work_status_controller.go`). Once a workspace, on
 * the first selector that propagates a release of another version.
 */
export function healthNotInterpreted(snapshot: Snapshot): readonly Finding[] {
  for (const { item, policy, claimed } of propagationUses(snapshot)) {
    const release = claimed.find(isRelease);
    if (!release?.simulation) continue;
    const { template } = release.simulation;
    const apiVersion = stringMember(template, 'apiVersion');
    const about = { apiVersion, kind: release.item.kind };
    if (interpreterOf(snapshot, about, 'healthInterpretation') !== 'none') continue;
    const selectors = arrayMember(policy.spec, 'resourceSelectors');
    const index = selectors.findIndex((one) => compileResourceSelector(one)(template) > 0);
    const selector = selectors[index];
    if (selector === undefined) continue;
    const message = `Karmada has no rules for the health of ${apiVersion} HelmReleases and calls them healthy once they are applied, whatever Flux says; add a ResourceInterpreterCustomization to see their true state.`;
    return [{ code: 'health-not-interpreted', ...selectorNode(item, index, selector), message }];
  }
  return [];
}

function isRelease({ item }: Template): boolean {
  return item.kind === 'HelmRelease' && apiGroup(item.apiVersion) === 'helm.toolkit.fluxcd.io';
}
