import { Controller, Get } from '@nestjs/common';
import { PingReply } from '@continuo/contracts';
import { ApiReplies } from '../documentation/api-replies.ts';
import { ok } from '../shaping/ok.ts';

/** Lets a client find out whether its address and key are right. */
@Controller()
export class PingController {
  @Get('ping')
  @ApiReplies({
    summary: 'Check address and key',
    description: 'Answers 200 for a valid key and 401 for any other.',
    tag: 'Service',
    reply: PingReply,
  })
  ping(): PingReply {
    return ok({ status: 'ok' as const });
  }
}
