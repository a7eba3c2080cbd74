/** An attribute of a resource, as RFC 7643 describes it. */
export interface Attribute {
  name: string;
  type: 'string' | 'boolean' | 'complex';
  description: string;
  multiValued?: true;
  /** The attributes of a complex one. */
  sub?: readonly Attribute[];
  required?: true;
  caseExact?: true;
  uniqueness?: 'server';
  /** `readOnly`: what a client sends of it is ignored; `writeOnly`: accepted and not stored. */
  mutability?: 'readOnly' | 'writeOnly';
}

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const text = (name: string, description: string, more: Partial<Attribute> = {}): Attribute => ({
  name,
  type: 'string',
  description,
  ...more,
});

const complex = (name: string, description: string, sub: readonly Attribute[]): Attribute => ({
  name,
  type: 'complex',
  description,
  sub,
});

const primary: Attribute = { name: 'primary', type: 'boolean', description: 'Whether it is the preferred one.' };

const plural = (name: string, description: string): Attribute => ({
  ...complex(name, description, [
    text('value', 'The value.'),
    text('display', 'A name for people.'),
    text('type', 'The kind, such as work or home.'),
    primary,
  ]),
  multiValued: true,
});

const address: Attribute = {
  ...complex('addresses', 'Postal addresses.', [
    text('formatted', 'The whole address.'),
    text('streetAddress', 'Street and number.'),
    text('locality', 'The city.'),
    text('region', 'The state or region.'),
    text('postalCode', 'The postal code.'),
    text('country', 'The country.'),
    text('type', 'The kind, such as work or home.'),
    primary,
  ]),
  multiValued: true,
};

const common: readonly Attribute[] = [
  text('id', 'The id that this service gave it.', { mutability: 'readOnly', caseExact: true, uniqueness: 'server' }),
  { ...complex('meta', 'When it was created and changed.', []), mutability: 'readOnly' },
  text('schemas', 'The schemas of the resource.', { mutability: 'readOnly' }),
];

const externalId = text('externalId', "The directory's own id.", { caseExact: true, uniqueness: 'server' });

/** What the schema of users has. All of it is stored and shown; names, `active` and the subject have a meaning here. */
export const userAttributes: readonly Attribute[] = [
  text('userName', 'The name that the user signs in with at the directory.', { required: true, uniqueness: 'server' }),
  complex('name', 'The parts of the name.', [
    text('formatted', 'The whole name.'),
    text('familyName', 'The family name.'),
    text('givenName', 'The given name.'),
    text('middleName', 'Middle names.'),
    text('honorificPrefix', 'A title before the name.'),
    text('honorificSuffix', 'A suffix after the name.'),
  ]),
  text('displayName', 'The name that is shown to people.'),
  text('nickName', 'How the user is called.'),
  text('profileUrl', 'A page about the user.'),
  text('title', 'The job title.'),
  text('userType', 'The relation to the organization.'),
  text('preferredLanguage', 'The preferred language.'),
  text('locale', 'The locale for dates and numbers.'),
  text('timezone', 'The time zone.'),
  { name: 'active', type: 'boolean', description: 'Whether the user has access to the organization.' },
  text('password', 'Never stored: users sign in at their identity provider.', { mutability: 'writeOnly' }),
  plural('emails', 'E-mail addresses.'),
  plural('phoneNumbers', 'Phone numbers.'),
  plural('ims', 'Addresses of instant messengers.'),
  plural('photos', 'URLs of pictures.'),
  address,
  plural('entitlements', 'Entitlements. They have no effect here.'),
  plural('roles', 'Roles. They have no effect here: owners give roles.'),
  { ...plural('groups', 'Its groups, which are changed at the groups.'), mutability: 'readOnly' },
];

export const enterpriseAttributes: readonly Attribute[] = [
  text('employeeNumber', 'The number of the employee.'),
  text('costCenter', 'The cost center.'),
  text('organization', 'The name of the organization.'),
  text('division', 'The division.'),
  text('department', 'The department.'),
  complex('manager', 'The manager.', [text('value', 'The id of the manager.'), text('displayName', 'The name.')]),
];

export const groupAttributes: readonly Attribute[] = [
  text('displayName', 'The name of the group, and of the team that it is here.', {
    required: true,
    caseExact: true,
    uniqueness: 'server',
  }),
  {
    ...complex('members', 'The users in the group.', [
      text('value', 'The id of the user.', { caseExact: true }),
      text('display', 'The `userName` of the user.', { mutability: 'readOnly' }),
      text('type', 'Always `User`.', { mutability: 'readOnly' }),
      text('$ref', 'Not used.', { mutability: 'readOnly' }),
    ]),
    multiValued: true,
  },
];

/** All attributes of a user resource, the extension by the name of its schema. */
export const userResource: readonly Attribute[] = [
  ...common,
  externalId,
  ...userAttributes,
  complex(enterpriseSchema, 'What the directory says of an employee.', enterpriseAttributes),
];

export const groupResource: readonly Attribute[] = [...common, externalId, ...groupAttributes];

/** The attribute of this name, whatever its case. */
export function attributeOf(attributes: readonly Attribute[], name: string): Attribute | undefined {
  const wanted = name.toLowerCase();
  return attributes.find((attribute) => attribute.name.toLowerCase() === wanted);
}
