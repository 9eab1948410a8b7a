import { preferredVersion } from './notes.ts';
import {
  apiGroup,
  arrayMember,
  compileResourceSelectors,
  member,
  stringMember,
} from '../../engine/index.ts';
import { adviceFor } from '../advice.ts';
import type { BindingRow, EventRow, ObjectRow } from '../rows.ts';
import { linkTo, linkToPolicy } from './claims.ts';
import { clusterOfEvent, isEnded } from './eventNotes.ts';
import { count } from './hops.ts';
import { isPolicyKind, type Situation } from './situation.ts';
import type { Why, WhyProblem, WhyState, WhyTemplate } from './why.ts';
import type { WhyFleet, WhyRequest } from './whyFleet.ts';

/** What a policy has, and what it selects without having it; for an override policy, where it applies and fails. */
export function explainPolicy(request: WhyRequest, situation: Situation): Why {
  const { kind, namespace, name } = situation.subject;
  const title = namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
  const templates = templatesOf(request.fleet, situation);
  const problems = policyProblems(request, situation, templates);
  return {
    title,
    summary: summaryOf(situation, templates),
    state: problems[0]?.state ?? 'ok',
    hops: [],
    problems,
    clusters: [],
    facts: [],
    templates,
    policies: [],
    overrides: [],
    events: [],
    notes: [],
  };
}

function templatesOf(fleet: WhyFleet, { template: policy, subject }: Situation): WhyTemplate[] {
  const spec = policy && member(policy.object, 'spec');
  const matches = compileResourceSelectors(member(spec, 'resourceSelectors'));
  const isOverride = subject.kind.endsWith('OverridePolicy');
  const isAll = isOverride && arrayMember(spec, 'resourceSelectors').length === 0;
  const isInReach = (row: ObjectRow) =>
    !isPolicyKind(row.kind) && (subject.namespace === '' || row.namespace === subject.namespace);
  const found: WhyTemplate[] = [];
  for (const row of fleet.objects.values()) {
    if (!isInReach(row)) continue;
    const binding = fleet.bindingOf(row);
    const isSelected = isAll || matches(row.object) > 0;
    const note = isOverride
      ? isSelected && binding && overrideNote(fleet, binding, subject)
      : propagationNote(binding, subject, isSelected);
    if (note) found.push({ object: [linkTo(row)], error: '', ...note });
  }
  return found;
}

type Note = Pick<WhyTemplate, 'state' | 'says'> & Partial<Pick<WhyTemplate, 'error'>>;
type Subject = Situation['subject'];

function propagationNote(
  binding: BindingRow | undefined,
  subject: Subject,
  isSelected: boolean,
): Note | undefined {
  const holder = binding?.policy;
  const isOurs =
    holder?.kind === subject.kind &&
    holder.namespace === subject.namespace &&
    holder.name === subject.name;
  if (binding && isOurs) {
    const isPlaced = binding.scheduled?.status === 'True';
    return isPlaced
      ? { state: 'ok', says: [`on ${count(binding.clusters.length)}`] }
      : { state: 'failed', says: ['not scheduled'] };
  }
  if (!isSelected) return undefined;
  return holder
    ? { state: 'info', says: ['belongs to ', linkToPolicy(holder)] }
    : { state: 'missing', says: ['no binding'] };
}

function overrideNote(fleet: WhyFleet, binding: BindingRow, subject: Subject): Note {
  const isClusterScoped = subject.namespace === '';
  const applied = fleet.worksOf(binding).filter((work) => {
    const names = isClusterScoped ? work.clusterOverrides : work.overrides;
    return names?.includes(subject.name) === true;
  });
  const events = fleet.eventsAbout(binding.template, binding.template.uid);
  const failing = failuresOf(events, subject);
  const says = applied.length === 0 ? 'applies nowhere' : `applied on ${count(applied.length)}`;
  if (failing.length === 0) return { state: applied.length === 0 ? 'info' : 'ok', says: [says] };
  const error = events.findLast(
    (event) => event.reason === 'SyncWorkFailed' && !isEnded(event, events),
  );
  return {
    state: 'failed',
    says: [`${says}; fails for ${failing.join(', ')}`],
    error: error?.message ?? '',
  };
}

function failuresOf(events: readonly EventRow[], { namespace, name }: Subject): readonly string[] {
  const id = namespace === '' ? name : `${namespace}/${name}`;
  const failures = events.filter(
    (event) =>
      event.reason === 'ApplyOverridePolicyFailed' &&
      event.message.includes(`override policy(${id})`) &&
      !isEnded(event, events),
  );
  return [...new Set(failures.map(clusterOfEvent))].filter((cluster) => cluster !== '');
}

function summaryOf({ template, subject }: Situation, templates: readonly WhyTemplate[]): string {
  if (!template) return 'Not found on the control plane.';
  if (templates.length === 0) return 'It selects nothing that is on the control plane.';
  const isOverride = subject.kind.endsWith('OverridePolicy');
  const inState = (state: WhyState) => templates.filter((each) => each.state === state).length;
  const [held, failed] = [inState('ok'), inState('failed')];
  const did = isOverride ? 'is applied to' : 'places';
  const all = held === templates.length && held > 1 ? 'all' : held;
  const rest =
    failed === 0 ? '' : isOverride ? `; it fails for ${failed}` : `; ${failed} not scheduled`;
  return `It selects ${objects(templates.length)} and ${did} ${all === 0 ? 'none' : all}${rest}.`;
}

function objects(number: number): string {
  return number === 1 ? '1 object' : `${number} objects`;
}

function policyProblems(
  request: WhyRequest,
  { template }: Situation,
  templates: readonly WhyTemplate[],
): readonly WhyProblem[] {
  const selectors = arrayMember(template && member(template.object, 'spec'), 'resourceSelectors');
  const wrong = selectors.flatMap((selector): WhyProblem[] => {
    const apiVersion = stringMember(selector, 'apiVersion');
    const preferred = preferredVersion(request, apiVersion);
    if (preferred === undefined || apiGroup(apiVersion) === '' || preferred === apiVersion)
      return [];
    return [
      {
        state: 'failed',
        title: [{ quote: `A selector says ${apiVersion}` }],
        advice: {
          meaning: `Karmada sees the kind in ${preferred} only, so the selector matches nothing.`,
          action: `Write apiVersion: ${preferred}.`,
        },
        message: '',
        since: '',
      },
    ];
  });
  const failing = templates.filter(({ state }) => state === 'failed');
  const failed = failing.map(({ object, says, error }): WhyProblem => {
    const advice = adviceFor(error === '' ? 'ApplyOverridePolicyFailed' : 'SyncWorkFailed', error);
    const isScheduling = says[0] === 'not scheduled';
    return {
      state: 'failed',
      title: [...object, ': ', ...says],
      ...(advice && !isScheduling ? { advice } : {}),
      message: error,
      since: '',
    };
  });
  return [...wrong, ...failed];
}
