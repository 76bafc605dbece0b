/** NATS JetStream behind the relay's broker port: the only folder that knows the client. */
export {
  makeNatsBroker,
  type NatsBrokerOptions,
  type NatsCredentials,
  type NatsTls,
} from './nats-broker.js';
