/**
 * The words the announcement rules know. Ordinary words never start or continue a secret: the list holds
 * function words and what people say about a password rather than in it. It is general English with the
 * most common words of a few other languages; a secret made only of such words is not recognised after
 * "is" (stated in the README).
 */
const listed = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

const ORDINARY = listed(`
a an the this that these those my your his her its our their mine yours i me you he she it we they them us
im ive id ill youre thats whats heres theres hes shes weve dont doesnt didnt cant couldnt wont wouldnt isnt
wasnt arent havent hasnt aint lets
and or but nor so yet if then than because since while when where which who whom whose why how what whether
though although however also too as at by for from in into of off on onto out over per to up upon via with
without within about above after again against along around before behind below between beyond down during
under until near here there
am is are was were be been being do does did done have has had having can could may might must shall should
will would need needs needed want wants wanted like likes get gets got getting go goes going gone come comes
came make makes made give gives gave given take takes took put let use used uses using try tries tried trying
say says said tell told ask asks asked asking know knows knew think see saw seen look looks show shows shown
work works worked working help helps helped send sent enter enters entered entering type typed typing change
changed changes changing reset resets resetting set sets setting update updated updating create created
forget forgot forgotten lost remember remembered find found keep keeps kept store stored save saved saves
expire expired expires expiring lock locked locks unlock blocked block disabled disable enable enabled fail
fails failed failing accept accepted accepts reject rejected rejects require required requires prompt prompts
prompted prompting check checked checking confirm confirmed verify verified provide provided share shared
wait waiting start started stop stopped open opened close closed click clicked press pressed run running
login logon log logged logging sign signed signin connect connected install installed
not no yes yeah yep yup ok okay okey sure fine please pls plz thanks thank thankyou thx sir madam maam mam
mr mrs ms dear hi hello hey bye sorry welcome good great nice well right alright correct incorrect wrong
invalid valid bad same different new old current previous last next first second other another more most
many much few some any all both each every only own just still even ever never always already now soon later
today yesterday tomorrow morning afternoon evening day days week weeks month months year years time times
once twice one's moment minute minutes hour hours second seconds sec
again very really quite maybe perhaps actually currently correctly anymore unknown empty blank missing secure
insecure weak strong secret confidential personal private case-sensitive sensitive long short simple complex
password passwords passcode username user email mail account accounts number numbers name names company phone
address page screen box window field prompt policy policies manager managers protected protection error errors
issue issues problem problems message messages hint recovery expiry expiration history vault generator option
options button link form settings requirement requirements question questions request requests thing things
something anything nothing everything someone anyone everyone nobody people person agent support team admin
administrator customer service computer laptop server system software application app browser device network
version update updates code codes pin otp token key keys file files word words letter letters digit digits
character characters asap etc via vs
der die das und oder ist nicht mein ihr ein eine bitte danke ja nein ich sie wir
el la los las y es no mi su un una por favor gracias si le les et est pas mon votre une merci oui non s'il
`);

const FILLER =
  listed(`is was are were be been will would should shall it its it's that's = : - as now currently
just simply set ist lautet es est era e é`);

const QUESTION =
  listed(`what what's whats which may can could would please provide give tell send share enter
need want wanna confirm verify have know type say repeat spell whats`);

const ABOUT_LOSS =
  listed(`forgot forget forgotten forgetting lost reset resetting change changed changing expired
expire expires wrong incorrect recover recovery new update updated unlock locked rejected remember hint create
created another`);

export const isOrdinary = (word: string): boolean => ORDINARY.has(word) || word === '';
export const isFiller = (word: string): boolean => FILLER.has(word);
export const asksFor = (word: string): boolean => QUESTION.has(word);
export const speaksOfLoss = (word: string): boolean => ABOUT_LOSS.has(word);

/** Words that count or price: a number near them is an amount and no credential. */
const AMOUNT =
  listed(`cost costs price prices total amount amounts expense expenses bill bills usd eur gbp inr dollar
dollars euro euros pound pounds rupee rupees cents fee fees paid pay qty quantity pieces piece units unit items
item pcs numbers nos sets copies gb mb kb tb ghz mhz percent days hours minutes miles km kg size model
version build windows office year`);
export const isAmountWord = (word: string): boolean => AMOUNT.has(word);

/** How a head word binds: what follows a `strong` one is the secret; a `weak` one needs a digit in it. */
export type HeadStrength = 'strong' | 'weak';
export type HeadKind = 'password' | 'username' | 'phone' | 'reference';
export type Head = Readonly<{ kind: HeadKind; strength: HeadStrength; words: 1 | 2 | 3 }>;

const PASSWORD_WORD =
  /^(?:[a-z0-9]+[_-])*(?:pas+w[aeou]*r?d?[dt]s?|pas+word'?s?|passwd|pwd|passcodes?|passphrases?|kennwort|passwort|contrase[nñ]a|wachtwoord|senha|otp|totp)$/;
const SECRET_WORD =
  /^(?:[a-z0-9]+[_-])*(?:secret|token|api_?-?key|access_?-?key|secret_?-?key|private_?-?key|credentials?|creds|pw|mfa|2fa|pincode)$/;
const WEAK_WORD = /^(?:pin|pins|code|codes|pass|geheimzahl|clave)$/;

const PASSWORD_PAIR =
  listed(`one-time-password one-time-passcode one-time-code pass-code pass-word pass-phrase
one-time-pin`);
const WEAK_PAIR =
  listed(`api-key access-key license-key licence-key product-key recovery-key activation-key
security-key ssh-key encryption-key wifi-key network-key security-answer secret-answer`);
/** "Promo code", "error code": codes that open nothing. */
const HARMLESS_CODE =
  listed(`promo promotion promotional discount coupon voucher error exit status stop zip postal
post area country dial dialing dress item product part model source qr bar color colour reason currency tax
vendor job cost response return http sort morse machine sample html css java python`);
const USERNAME_WORD = /^(?:username|usernames|user_?name|userid|user_?id|login_?id|benutzername)$/;
const USERNAME_PAIR = listed('user-name user-id login-id login-name account-id');
const PHONE_WORD =
  /^(?:phone|mobile|cellphone|telephone|whatsapp|telefon|telefonnummer|handynummer)$/;
const REFERENCE_PAIR =
  listed(`order-id order-number ticket-id ticket-number case-number case-id invoice-number
account-number serial-number reference-number tracking-number incident-number partner-id teamviewer-id
device-id customer-number customer-id account-no acc-no`);

const strongHead = (word: string, next: string, third: string): Head | undefined => {
  if (`${word}-${next}-${third}`.match(/^one-time-(?:password|passcode|code|pin)$/))
    return { kind: 'password', strength: 'strong', words: 3 };
  if (
    PASSWORD_PAIR.has(`${word}-${next}`) ||
    (word === 'mot' && next === 'de' && third === 'passe')
  )
    return { kind: 'password', strength: 'strong', words: third === 'passe' ? 3 : 2 };
  if (PASSWORD_WORD.test(word)) return { kind: 'password', strength: 'strong', words: 1 };
  return undefined;
};

const pairHead = (pair: string): Head | undefined => {
  if (WEAK_PAIR.has(pair)) return { kind: 'password', strength: 'weak', words: 2 };
  if (USERNAME_PAIR.has(pair)) return { kind: 'username', strength: 'weak', words: 2 };
  if (REFERENCE_PAIR.has(pair)) return { kind: 'reference', strength: 'weak', words: 2 };
  return undefined;
};

const wordHead = (word: string, previous: string): Head | undefined => {
  if (SECRET_WORD.test(word)) return { kind: 'password', strength: 'weak', words: 1 };
  if (WEAK_WORD.test(word) && !HARMLESS_CODE.has(previous))
    return { kind: 'password', strength: 'weak', words: 1 };
  if (USERNAME_WORD.test(word)) return { kind: 'username', strength: 'weak', words: 1 };
  if (PHONE_WORD.test(word)) return { kind: 'phone', strength: 'weak', words: 1 };
  return undefined;
};

/** The head that starts at a word, given the words around it, all in small letters. */
export const headAt = (
  word: string,
  around: Readonly<{ previous: string; next: string; third: string }>,
): Head | undefined =>
  strongHead(word, around.next, around.third) ??
  pairHead(`${word}-${around.next}`) ??
  wordHead(word, around.previous);
