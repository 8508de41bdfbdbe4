import type { ServerUnaryCall, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
import gossipGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import { randomUUID } from 'node:crypto';

/** What a node says of itself: that it leads, or takes part in an election; `undefined` where it gives no answer. */
interface Node {
  readonly port: number;
  readonly leads: boolean | undefined;
  /** The longest time, in milliseconds, that a client would wait for the answer. */
  gossipMs: number;
}

/** The gossip of a double, by which a client that was given several nodes finds the leader. A node tells of itself only. */
export function gossipOf(node: () => Node): [ServiceDefinition, UntypedServiceImplementation] {
  return [
    gossipGrpc.GossipService as never,
    {
      read: (call: ServerUnaryCall<unknown, unknown>, answer: (error: null, value: unknown) => void) => {
        const { port, leads } = node();
        node().gossipMs = Math.max(node().gossipMs, Number(call.getDeadline()) - Date.now());
        if (leads === undefined) return;
        const { LEADER, UNKNOWN } = gossip.MemberInfo.VNodeState;
        const member = new gossip.MemberInfo()
          .setInstanceId(new shared.UUID().setString(randomUUID()))
          .setState(leads ? LEADER : UNKNOWN)
          .setIsAlive(true)
          .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port));
        answer(null, new gossip.ClusterInfo().setMembersList([member]));
      },
    },
  ];
}
