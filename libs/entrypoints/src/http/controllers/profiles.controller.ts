import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  AddProfileTemplateReply,
  AddProfileTemplateRequest,
  BindProfileTemplateRequest,
  DEFAULT_TEMPLATE_PAGE,
  DeleteProfileRequest,
  DeleteProfileTemplateReply,
  DeleteProfileTemplateRequest,
  EditProfileRequest,
  GetProfileTemplateReply,
  GetProfileTemplateRequest,
  ListProfileTemplatesReply,
  ListProfileTemplatesRequest,
  ProfileDoneReply,
  UpdateProfileTemplateReply,
  UpdateProfileTemplateRequest,
} from '@continuo/contracts';
import type { Project } from '@continuo/ports';
import { Profiles } from '@continuo/use-cases';
import { ApiReplies } from '../documentation/api-replies.ts';
import { profileSubject, readFields, readProfileTree } from '../reading/read-profile.ts';
import { CallerProject } from '../server/caller.ts';
import { ok } from '../shaping/ok.ts';
import { templateSummary, wireProfileTree } from '../shaping/profile-shapes.ts';

/** What is to be known of whom: templates, and the profiles made of them. */
@Controller()
export class ProfilesController {
  private readonly profiles: Profiles;

  constructor(profiles: Profiles) {
    this.profiles = profiles;
  }

  @Post('add/profile_template')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Add a profile template',
    description: 'What is to be known of a subject, as a tree of fields. Always makes a new one.',
    tag: 'Profiles',
    reply: AddProfileTemplateReply,
  })
  async addTemplate(@CallerProject() project: Project, @Body({ schema: AddProfileTemplateRequest }) body: AddProfileTemplateRequest) {
    const template = { name: body.name, metadata: readProfileTree(body.metadata) };
    return ok({ profile_template_id: await this.profiles.addTemplate(project.id, template) });
  }

  @Post('list/profile_template')
  @HttpCode(200)
  @ApiReplies({ summary: 'List profile templates', description: 'Newest first.', tag: 'Profiles', reply: ListProfileTemplatesReply })
  async listTemplates(@CallerProject() project: Project, @Body({ schema: ListProfileTemplatesRequest }) body: ListProfileTemplatesRequest) {
    const [page, size] = [body.page ?? 1, body.size ?? DEFAULT_TEMPLATE_PAGE];
    const { items, total } = await this.profiles.templates(project.id, { page, size });
    return ok({ profile_templates: items.map(templateSummary), total, current: page, size, pages: Math.ceil(total / size) });
  }

  @Post('get/profile_template')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Read a profile template',
    description: 'One template with its fields.',
    tag: 'Profiles',
    reply: GetProfileTemplateReply,
  })
  async getTemplate(@CallerProject() project: Project, @Body({ schema: GetProfileTemplateRequest }) body: GetProfileTemplateRequest) {
    const template = await this.profiles.template(project.id, body.profile_template_id);
    return ok({ profile_template: { ...templateSummary(template), metadata: wireProfileTree(template.metadata) } });
  }

  @Post('update/profile_template')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Change a profile template',
    description:
      'New fields come into every bound profile, removed ones go with their values, changed defaults and flags overwrite; the rest stays.',
    tag: 'Profiles',
    reply: UpdateProfileTemplateReply,
  })
  async updateTemplate(
    @CallerProject() project: Project,
    @Body({ schema: UpdateProfileTemplateRequest }) body: UpdateProfileTemplateRequest,
  ) {
    const to = { name: body.name, metadata: readProfileTree(body.metadata) };
    const affected = await this.profiles.updateTemplate(project.id, body.profile_template_id, to);
    return ok({ success: true as const, profile_template_id: body.profile_template_id, affected_instances: affected });
  }

  @Post('delete/profile_template')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Delete a profile template',
    description: 'With every profile bound to it.',
    tag: 'Profiles',
    reply: DeleteProfileTemplateReply,
  })
  async deleteTemplate(
    @CallerProject() project: Project,
    @Body({ schema: DeleteProfileTemplateRequest }) body: DeleteProfileTemplateRequest,
  ) {
    const deleted = await this.profiles.deleteTemplate(project.id, body.profile_template_id);
    return ok({ success: true as const, profile_template_id: body.profile_template_id, deleted_instances: deleted });
  }

  @Post('bind/profile_template')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Bind a profile template',
    description: 'Gives subjects a profile of this form. What they say from now on fills it; what was said before is not read again.',
    tag: 'Profiles',
    reply: ProfileDoneReply,
  })
  async bind(@CallerProject() project: Project, @Body({ schema: BindProfileTemplateRequest }) body: BindProfileTemplateRequest) {
    const bindings = body.bind_list.map((each) => ({ subject: profileSubject(each), templateId: each.profile_template_id }));
    await this.profiles.bind(project.id, bindings);
    return ok({ success: true as const });
  }

  @Post('edit/profile')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Edit one profile',
    description: 'Sets, locks, adds and removes fields of one subject alone.',
    tag: 'Profiles',
    reply: ProfileDoneReply,
  })
  async edit(@CallerProject() project: Project, @Body({ schema: EditProfileRequest }) body: EditProfileRequest) {
    const edit = { set: readFields(body.metadata ?? {}), remove: body.remove_fields ?? [] };
    await this.profiles.edit({ projectId: project.id, subject: profileSubject(body) }, body.profile_template_id, edit);
    return ok({ success: true as const });
  }

  @Post('delete/profile')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Delete one profile',
    description: 'Clears the values of one subject and unbinds the template.',
    tag: 'Profiles',
    reply: ProfileDoneReply,
  })
  async unbind(@CallerProject() project: Project, @Body({ schema: DeleteProfileRequest }) body: DeleteProfileRequest) {
    await this.profiles.unbind({ projectId: project.id, subject: profileSubject(body) }, body.profile_template_id);
    return ok({ success: true as const });
  }
}
