import { apiGroup } from '../../engine/index.ts';
import { naturalOrder } from '../../analysis/index.ts';
import { adviceFor, type Advice } from '../advice.ts';
import { linkTo } from './claims.ts';
import type { Fate } from './fates.ts';
import type { FateGroup } from './groups.ts';
import { byState } from './groups.ts';
import { preferredVersion } from './notes.ts';
import { bindingReference, type Situation } from './situation.ts';
import type { Why, WhyEvent, WhyPiece, WhyProblem } from './why.ts';
import type { WhyRequest } from './whyFleet.ts';

/** What keeps a template from where it should be, worst first, each with the next step. */
export function problemsOf(
  request: WhyRequest,
  situation: Situation,
  known: Pick<Why, 'policies' | 'overrides'> & {
    readonly groups: readonly FateGroup[];
    readonly events: readonly WhyEvent[];
  },
): readonly WhyProblem[] {
  const problems = [
    ...claimProblems(request, situation, known.policies),
    ...bindingProblems(situation),
    ...known.groups.flatMap((group) => groupProblem(group, known.overrides)),
  ];
  for (const event of known.events) {
    if (!event.isOver && !isTold(situation, known.groups, problems, event)) {
      problems.push(eventProblem(event));
    }
  }
  return problems.sort(byState);
}

/** Reasons of events that only repeat what is known of the cluster that they name. */
const perCluster: ReadonlySet<string> = new Set([
  'ApplyOverridePolicyFailed',
  'SyncWorkFailed',
  'SyncFailed',
]);

function isTold(
  { renderErrors }: Situation,
  groups: readonly FateGroup[],
  problems: readonly WhyProblem[],
  { reason, message, on }: WhyEvent,
): boolean {
  const failed = groups.filter(({ fate }) => fate.state === 'failed' || fate.state === 'missing');
  if (perCluster.has(reason) && failed.some(({ clusters }) => clusters.includes(on))) return true;
  if (reason === 'SyncWorkFailed' && [...renderErrors.values()].includes(message)) return true;
  const { meaning } = adviceFor(reason, message) ?? {};
  return problems.some(
    (known) =>
      known.message === message || (meaning !== undefined && known.advice?.meaning === meaning),
  );
}

function problem(
  state: WhyProblem['state'],
  title: string | readonly WhyPiece[],
  advice?: Advice,
  more: { readonly message?: string; readonly since?: string } = {},
): WhyProblem {
  return {
    state,
    title: typeof title === 'string' ? [title] : title,
    ...(advice ? { advice } : {}),
    message: more.message ?? '',
    since: more.since ?? '',
  };
}

function claimProblems(
  request: WhyRequest,
  { template, simulation, binding, subject }: Situation,
  policies: Why['policies'],
): readonly WhyProblem[] {
  if (!template) return binding ? [] : [missingTemplate(request)];
  if (!simulation) return [];
  const { claim } = simulation;
  switch (claim.type) {
    case 'skipped':
      return [
        problem('missing', 'Karmada does not propagate this object', skipAdvice[claim.reason]),
      ];
    case 'waiting':
      return [
        problem('missing', 'The policy waits for overrides', {
          meaning: `Its dependentOverrides do not exist: ${claim.missing.join(', ')}.`,
          action: "Create them, or take them out of the policy's dependentOverrides.",
        }),
      ];
    case 'lost':
      return [
        problem('missing', [{ quote: `${claim.policyId}: ${lostTitles[claim.reason]}` }], {
          meaning: binding
            ? 'Changes of the template still reach the clusters that have it; nothing is placed anew.'
            : 'Nothing is placed.',
          action: 'Write a policy that selects the object, or delete the object to remove it.',
        }),
      ];
    case 'unclaimed': {
      if (binding) return [problem('missing', 'No policy has it any more', orphanAdvice)];
      const preferred = preferredVersion(request);
      const isOtherVersion = preferred !== undefined && preferred !== subject.apiVersion;
      const near = policies.some(({ says }) => says.includes('compares versions as text'));
      return [
        problem('missing', 'No policy selects it', {
          meaning: near
            ? 'A policy names the kind in another version, and Karmada compares versions as text.'
            : 'Karmada does nothing with an object that no policy selects.',
          action:
            near || isOtherVersion
              ? `Write apiVersion: ${preferred ?? subject.apiVersion} into the policy's resourceSelectors.`
              : 'Write a PropagationPolicy that selects it.',
        }),
      ];
    }
    default:
      return binding || !request.fleet.hasBindings ? [] : [unbound(request, subject.apiVersion)];
  }
}

const orphanAdvice: Advice = {
  meaning:
    'The policy that placed it is gone or no longer selects it. What it placed stays on the clusters, and changes of the template may not reach them.',
  action: 'Write a policy that selects it, or delete it to take it off the clusters.',
};

const lostTitles = {
  'policy-not-found': 'the policy is gone',
  'policy-deleting': 'the policy is being deleted',
  'selectors-no-longer-match': 'the policy no longer selects it',
} as const;

const skipAdvice = {
  'skipped-api': {
    meaning: 'Its kind is among those that Karmada skips (--skipped-propagating-apis).',
    action: 'Use another way to bring it to the clusters.',
  },
  'reserved-namespace': {
    meaning: 'The namespace belongs to Karmada itself.',
    action: 'Put the object into another namespace.',
  },
  'skipped-namespace': {
    meaning: 'Its namespace is skipped (--skipped-propagating-namespaces, by default kube-*).',
    action: 'Put the object into another namespace.',
  },
  'apiserver-authentication': {
    meaning: "It is the API server's own.",
    action: 'Leave it alone.',
  },
  'multi-cluster-service': {
    meaning: 'A MultiClusterService has it.',
    action: 'Change the MultiClusterService.',
  },
} as const;

function missingTemplate({ subject }: WhyRequest): WhyProblem {
  return problem('missing', ['There is no ', linkTo(subject)], {
    meaning: 'The control plane has no such object, or it may not be read.',
    action: 'Apply it to the control plane.',
  });
}

function unbound(request: WhyRequest, apiVersion: string): WhyProblem {
  const preferred = preferredVersion(request);
  const isOther =
    preferred !== undefined && apiGroup(apiVersion) !== '' && preferred !== apiVersion;
  return problem(
    'missing',
    'No ResourceBinding yet',
    isOther
      ? {
          meaning: `Karmada has not looked at this object: it sees the kind in ${preferred} only.`,
          action: `Write apiVersion: ${preferred} into the policy's resourceSelectors.`,
        }
      : {
          meaning: 'A policy selects it, but Karmada has not made the binding.',
          action:
            'Wait some seconds. If it stays so, look at karmada-controller-manager and the events.',
        },
  );
}

function bindingProblems({ binding, events }: Situation): readonly WhyProblem[] {
  const scheduled = binding?.scheduled;
  if (!binding || scheduled?.status === 'True') return [];
  const link = linkTo(bindingReference(binding));
  if (!scheduled) {
    const isTold = events.some(({ reason }) => reason === 'ScheduleBindingFailed');
    if (isTold) return [];
    return [
      problem('busy', [link, ' is not scheduled yet'], {
        meaning: 'The scheduler has not looked at it.',
        action: 'Wait some seconds. If it stays so, look at karmada-scheduler.',
      }),
    ];
  }
  const { reason, message, since } = scheduled;
  return [
    problem('failed', [link, ' is not scheduled'], adviceFor(reason, message), { message, since }),
  ];
}

const plainFates: ReadonlySet<string> = new Set(['ok', 'info']);

function groupProblem(
  { fate, clusters }: FateGroup,
  overrides: Why['overrides'],
): readonly WhyProblem[] {
  if (plainFates.has(fate.state)) return [];
  const names = [...clusters].sort(naturalOrder);
  const advice = fate.reason === '' ? ownAdvice[fate.type] : adviceFor(fate.reason, fate.message);
  const shown = names.slice(0, 3).join(', ');
  const title = `${shown}${names.length > 3 ? ` + ${names.length - 3} more` : ''}: ${fate.title}`;
  const culprits =
    fate.type === 'overrideFailing'
      ? overrides.filter(
          ({ says, clusters: on }) =>
            says.startsWith('fails') && on.some((name) => clusters.includes(name)),
        )
      : [];
  const by = culprits.flatMap(({ policy }, i) => [i === 0 ? ' by ' : ', ', ...policy]);
  return [
    problem(fate.state, [{ quote: title }, ...by], advice, {
      message: fate.message,
      since: fate.since,
    }),
  ];
}

const ownAdvice: { readonly [type in Fate['type']]?: Advice } = {
  waitingForDispatch: {
    meaning: 'Karmada has scheduled it there, and the cluster has not got it yet.',
    action:
      'Wait some seconds. If it stays so, look at the warnings below and at the conditions of the cluster.',
  },
  waitingForFlux: {
    meaning: 'Karmada has delivered it, and Flux on the cluster has not acted on it.',
    action: 'Wait; if it stays so, look whether Flux runs on the cluster.',
  },
  outdated: {
    meaning: 'The newest change has not been sent to the cluster.',
    action: 'Wait some seconds. If it stays so, look at the warnings below.',
  },
  dispatchSuspended: {
    meaning:
      'Dispatching is suspended: changes wait in the Work, and the cluster keeps what it has.',
    action: 'Take the suspension out of the policy when changes may go on.',
  },
  suspended: {
    meaning: 'Flux leaves it as it is until spec.suspend is taken away.',
    action: 'Resume it in the template, or in the override that suspends it.',
  },
  removing: {
    meaning: 'Karmada is taking it away from there.',
    action: 'Wait; if it stays so, look whether the cluster is reachable.',
  },
  clusterNotReady: {
    meaning: 'The binding names a cluster that is not joined any more.',
    action: 'Nothing: Karmada schedules again. If it stays so, look at the finalizers of the Work.',
  },
};

function eventProblem(event: WhyEvent): WhyProblem {
  const { reason, message, at } = event;
  const times = event.count > 1 ? ` (${event.count} times)` : '';
  return problem('failed', [...event.about, `: ${reason}${times}`], adviceFor(reason, message), {
    message,
    since: at,
  });
}
