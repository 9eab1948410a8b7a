import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { click, domText, press, screenshot, waitFor } from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import { client, context, kubectl, seedFleet, writeKubeconfig } from '../../support/liveFleet.ts';
import { playKarmada, type PlayedKarmada } from '../../support/playedKarmada.ts';
import { closeEverything } from '../../support/previews.ts';
import {
  chooseWaves,
  confirm,
  documentsIn,
  forgetJournals,
  latest,
  leavePush,
  namespaceObject,
  propagationObject,
  releaseObject,
  reviewed,
  runReviewed,
  resumeStopped,
  sourceObject,
  toggleOthers,
} from '../../support/pushes.ts';
import { line, noLine, notified, run, shown, treeLines } from '../../support/window.ts';

const namespace = 'rolled';
const policyPath = `/apis/policy.karmada.io/v1alpha1/namespaces/${namespace}/propagationpolicies/web-helmrelease`;
const documents = documentsIn('rolled');
const both = ['member1', 'member2'];
const policyReference = {
  ...{ apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy' },
  ...{ namespace, name: 'web-helmrelease' },
};

interface Policy {
  readonly metadata: { readonly managedFields: readonly { readonly manager: string }[] };
  readonly spec: {
    readonly suspension?: {
      dispatchingOnClusters?: { clusterNames: string[] };
      dispatching?: boolean;
    };
  };
}
const policy = async () => (await client.send('GET', policyPath)) as unknown as Policy;
const heldOn = async () =>
  (await policy()).spec.suspension?.dispatchingOnClusters?.clusterNames ?? [];
const managers = async () => (await policy()).metadata.managedFields.map(({ manager }) => manager);

async function isWorkHeld(cluster: string): Promise<boolean> {
  const path = `/apis/work.karmada.io/v1alpha1/namespaces/karmada-es-${cluster}/works/web-helmrelease`;
  const { spec } = (await client.send('GET', path)) as unknown as {
    spec: { suspendDispatching?: boolean };
  };
  return spec.suspendDispatching === true;
}

const write = async (replicas: number) => {
  await documents.write('release.yaml', releaseObject(namespace, 'web', { replicas }));
};

async function reviewWaves(replicas: number): Promise<void> {
  await write(replicas);
  // What the file says is known when an ordinary review has it.
  await reviewed([documents.uri], /^Changes ?1 changed/);
  await leavePush();
  void run('karmada.push.waves', { uris: [documents.uri] });
  await chooseWaves('member2');
  await line(/^Changes ?1 changed/);
}

describe('what becomes of a push to a real API server, Karmada and members being played', () => {
  let karmada: PlayedKarmada;

  before(async () => {
    await seedFleet();
    await setSetting('kubeconfig', writeKubeconfig());
    await client.send('POST', '/api/v1/namespaces', namespaceObject(namespace));
    karmada = playKarmada({
      client,
      namespace,
      clusters: ['member1', 'member2', 'member3'],
      seen: ({ spec }) => String((spec as { values: { replicas: number } }).values.replicas),
    });
    await documents.write(
      'rest.yaml',
      sourceObject(namespace, 'web'),
      propagationObject(namespace, 'web', { kind: 'HelmRelease', clusters: both }),
      propagationObject(namespace, 'web', { kind: 'HelmRepository', clusters: both }),
    );
    await run('karmada.connect', context);
    await line(/^podinfo/);
    await run('notifications.clearAll');
    await toggleOthers();
  });

  after(async () => {
    await toggleOthers();
    await run('karmada.rollout.stop');
    await leavePush();
    await closeEverything();
    await documents.remove();
    await karmada.stop();
    await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
    forgetJournals();
    await run('notifications.clearAll');
    await run('karmada.disconnect');
  });

  it('is followed from the Work to ready, and to failed with the words of Flux', async () => {
    for (const cluster of both) karmada.fate(cluster, { type: 'stuck' });
    await write(1);
    await reviewed([documents.uri], /^Changes ?4 created/);
    await runReviewed();
    await latest('done');
    await run('karmada.rollout.show');
    await line(/^member1 ?sent/);
    karmada.fate('member1', { type: 'silent' });
    await line(/^member1 ?applied/);
    karmada.fate('member1', { type: 'reconciling', message: 'Running install action' });
    await line(/^member1 ?reconciling.*Running install action/);
    await screenshot('live-rollout');
    karmada.fate('member1', { type: 'ready' });
    await line(/^member1 ?ready after/);
    const message = 'Helm install failed: timed out waiting for the condition';
    karmada.fate('member2', { type: 'failed', message });
    await line(/^member2 ?failed.*timed out waiting/);
    await screenshot('live-rollout-failed');
  });

  it('ends with one message', async () => {
    await notified(/ready 3\/4/);
    const told = (await domText('.notifications-center .notification-list-item')).filter((text) =>
      /ready 3\/4/.test(text),
    );
    assert.equal(told.length, 1);
    await run('notifications.clearAll');
  });

  it('is shown no more when the user stops looking, and the push stays what it is', async () => {
    await run('karmada.rollout.stop');
    await noLine(/^member1 ?ready/);
    assert.equal((await latest('done')).review.type, 'push');
    for (const cluster of both) karmada.fate(cluster, { type: 'ready' });
    await run('karmada.rollout.show', {
      reference: {
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        namespace,
        name: 'web',
      },
    });
    await line(/^member2 ?ready/);
  });

  it('goes in waves: later clusters are held on their Works first, and none is held at the end', async () => {
    const from = karmada.log.length;
    karmada.fate('member1', { type: 'reconciling', message: 'Running upgrade action' });
    await reviewWaves(2);
    assert.deepEqual(await heldOn(), [], 'a review writes nothing');
    await runReviewed();
    await waitFor('the first wave', () => karmada.log.includes('send member1 2'));
    await line(/^member1 ?reconciling/);
    assert.deepEqual(await heldOn(), ['member2']);
    assert.ok(await isWorkHeld('member2'));
    await line(/^member2 ?held/);
    await screenshot('live-waves');
    karmada.fate('member1', { type: 'ready' });
    await latest('done');
    const log = karmada.log.slice(from);
    assert.deepEqual(log, ['hold member2', 'send member1 2', 'let go member2', 'send member2 2']);
    assert.deepEqual(await heldOn(), []);
    assert.ok(!(await managers()).includes('vscode-karmada-flux-hold'));
    await run('notifications.clearAll');
  });

  it('writes nothing before the Works show that they are held', async () => {
    const from = karmada.log.length;
    await reviewWaves(3);
    karmada.rest(true);
    await runReviewed();
    await waitFor('the hold', async () => (await heldOn()).includes('member2'));
    await waitFor('the wait', async () =>
      (await treeLines()).some((text) => /web on member2/.test(text)),
    );
    const release = await kubectl('get', 'helmrelease', 'web', '-n', namespace, '-o', 'json');
    assert.match(release, /"replicas": 2/);
    karmada.fate('member1', { type: 'reconciling', message: 'Running upgrade action' });
    karmada.rest(false);
    await waitFor('the first wave', () => karmada.log.slice(from).includes('send member1 3'));
  });

  it('is cancelled in the middle, and says what is held', async () => {
    await waitFor('the cancel button', async () => {
      await run('notifications.showList');
      return (await domText('.notifications-center .monaco-button')).length > 0;
    });
    await click('.notifications-center .monaco-button');
    const journal = await latest('stopped');
    assert.ok(journal.states.some(({ type }) => type === 'waiting'));
    assert.deepEqual(await heldOn(), ['member2']);
    assert.ok(!karmada.log.at(-1)?.startsWith('send member2'));
    await run('notifications.clearAll');
  });

  it('holds what no other command holds or lets go, and is named there', async () => {
    for (const command of ['karmada.dispatch.resume', 'karmada.dispatch.hold']) {
      // One review at a time is made: what is asked for meanwhile has to be asked for again.
      let askedAt = 0;
      await waitFor(
        'what holds it',
        async () => {
          if (Date.now() - askedAt > 6000) {
            askedAt = Date.now();
            void run(command, { reference: policyReference, cluster: 'member2' });
          }
          await run('notifications.showList');
          const told = await domText('.notifications-center');
          return told.some((text) =>
            /is held on member2 by the push “rolled”, which stopped/.test(text),
          );
        },
        40_000,
      );
      await waitFor('what can be done about it', async () => {
        const buttons = await domText('.notifications-center .monaco-button');
        return ['Resume', 'Undo'].every((name) => buttons.includes(name));
      });
      await run('notifications.clearAll');
    }
    assert.deepEqual(await heldOn(), ['member2']);
    // It is still what the window has before it.
    await line(/^Steps/);
  });

  it('goes on to its end after the connection was gone', async () => {
    await run('karmada.disconnect');

    await run('karmada.connect', context);
    karmada.fate('member1', { type: 'ready' });
    await line(/^Steps/);
    await resumeStopped();
    await latest('done');
    assert.equal(karmada.log.at(-1), 'send member2 3');
    assert.deepEqual(await heldOn(), []);
    assert.ok(!(await managers()).includes('vscode-karmada-flux-hold'));
    await run('notifications.clearAll');
  });

  it('is undone in the middle, and the hold goes with it', async () => {
    karmada.fate('member1', { type: 'reconciling', message: 'Running upgrade action' });
    await reviewWaves(4);
    await runReviewed();
    await waitFor('the first wave', () => karmada.log.includes('send member1 4'));
    await waitFor('the cancel button', async () => {
      await run('notifications.showList');
      return (await domText('.notifications-center .monaco-button')).length > 0;
    });
    await click('.notifications-center .monaco-button');
    await latest('stopped');
    karmada.fate('member1', { type: 'ready' });
    await run('notifications.clearAll');
    void run('karmada.push.undoLast');
    await line(/^Undo on fleet/);
    await runReviewed();
    await waitFor('member1 as before', () => karmada.log.at(-1) === 'send member1 3');
    await latest('done');
    assert.deepEqual(await heldOn(), []);
    assert.ok(!(await managers()).includes('vscode-karmada-flux-hold'));
    assert.ok(!karmada.log.includes('send member2 4'));
    await run('notifications.clearAll');
  });

  it('is kept from clusters by a hold of dispatch, until dispatch is resumed', async () => {
    void run('karmada.dispatch.hold', { reference: policyReference, cluster: 'member1' });
    await line(/^Steps/);
    assert.deepEqual(await heldOn(), []);
    await runReviewed(
      /On fleet: hold dispatch of PropagationPolicy rolled\/web-helmrelease on member1\?/,
    );
    await latest('done');
    assert.deepEqual(await heldOn(), ['member1']);
    assert.ok(await isWorkHeld('member1'));
    void run('karmada.dispatch.resume', { reference: policyReference });
    await shown('.quick-input-list-row', /member1/);
    await press('Enter');
    await line(/^Steps/);
    await runReviewed(/web-helmrelease/);
    await waitFor('the end of the hold', async () => (await heldOn()).length === 0);
    await latest('done');
    assert.ok(!(await isWorkHeld('member1')));
    await run('notifications.clearAll');
  });

  it('takes the hold of somebody else back only as a change that is reviewed and asked for twice', async () => {
    const suspension = {
      spec: { suspension: { dispatchingOnClusters: { clusterNames: ['member2'] } } },
    };
    await kubectl(
      'patch',
      'propagationpolicy',
      'web-helmrelease',
      '-n',
      namespace,
      '--type',
      'merge',
      '--field-manager',
      'somebody',
      '-p',
      JSON.stringify(suspension),
    );
    await waitFor('the hold', () => isWorkHeld('member2'));
    await waitFor('the review', async () => {
      void run('karmada.dispatch.resume', { reference: policyReference, cluster: 'member2' });
      return waitFor(
        'the change',
        async () => (await treeLines()).some((text) => text.startsWith('web-helmrelease')),
        3_000,
      ).catch(() => false);
    });
    assert.deepEqual(await heldOn(), ['member2']);
    await runReviewed(/web-helmrelease/);
    await confirm(/somebody/);
    await waitFor('the end of the hold', async () => (await heldOn()).length === 0);
    await latest('done');
    assert.ok(!(await isWorkHeld('member2')));
  });
});
