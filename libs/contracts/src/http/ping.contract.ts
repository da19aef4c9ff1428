import { z } from 'zod';
import { envelope } from './envelope.ts';

export const PingReply = envelope('PingReply', z.object({ status: z.literal('ok') }));
export type PingReply = z.infer<typeof PingReply>;
