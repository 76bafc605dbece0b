/**
 * Cues of the most frequent languages beside English. Every claim of success has a guard in its own
 * language: a negation, a time gone by or a condition in the same sentence, and nothing is claimed.
 */
type Cues = Readonly<{
  problem: RegExp;
  success: RegExp;
  guard: RegExp;
  failure: RegExp;
  ahead: RegExp;
}>;

/** Whole words in any script: `\b` ends a word before "ü". */
const words = (alternatives: string): RegExp =>
  new RegExp(`(?<!\\p{L})(?:${alternatives})(?!\\p{L})`, 'u');

const GERMAN: Cues = {
  problem: words(
    'nicht|kein\\p{L}*|fehler\\p{L}*|verschwunden|stürzt|langsam|hängt|defekt|kaputt|störung|gesperrt',
  ),
  success: words(
    '(?:jetzt|nun|wieder|alles|endlich)(?: \\p{L}+){0,3} (?:funktioniert|geht|läuft|klappt|druckt)' +
      '|(?:funktioniert|klappt|druckt)(?: \\p{L}+){0,3} (?:jetzt|nun|wieder|einwandfrei)|(?:geht|läuft)(?: \\p{L}+){0,2} wieder' +
      '|(?:ist|sind|wurde)(?: \\p{L}+){0,2} (?:gelöst|behoben|repariert)|(?:ist|sind)(?: \\p{L}+){0,3} wieder da',
  ),
  guard: words(
    'nicht|nichts|kein\\p{L}*|nie|aber|eine?|wenn|falls|ob|sobald|hoff\\p{L}*|sollte|müsste|würde|war|letzte[nrsm]?|gestern|früher|vorher|bisher|bis|damals|vor',
  ),
  failure: words(
    '(?:nicht|nichts) (?:\\p{L}+ )?(?:geholfen|gebracht)|(?:immer noch|noch immer|weiterhin|schon wieder)|(?:der|die|das)?(?:selbe|gleiche)[rn]? (?:fehler|problem)|ohne erfolg|wieder nicht',
  ),
  ahead: words(
    '(?<!guten |gute )morgen|übermorgen|nächste[nrs]? \\p{L}+|(?:bis|ab|am) (?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)|heute (?:nachmittag|abend)|später|nach der sitzung',
  ),
};

const FRENCH: Cues = {
  problem: words(
    'n[e’]? ?\\p{L}+ (?:plus|pas)|erreur|panne|bloquée?s?|lente?s?|problème|impossible',
  ),
  success: words(
    '(?:ça|cela|il|elle|tout) (?:re)?(?:marche|fonctionne)(?: (?:bien|maintenant|de nouveau|à nouveau|parfaitement))?|(?:est|cest) (?:résolue?|réglée?|réparée?)',
  ),
  guard: words(
    'ne|n|pas|plus|jamais|mais|si|quand|espère|devrait|hier|avant|derni[eè]re?|jusqu\\p{L}*|était',
  ),
  failure: words(
    'toujours (?:pas|la même|le même)|na (?:pas|rien) (?:aidé|changé|fonctionné|marché)|même (?:erreur|problème)|sans succès',
  ),
  ahead: words(
    'demain|(?:semaine|mois|lundi|mardi|mercredi|jeudi|vendredi) prochaine?|cet après-midi|plus tard',
  ),
};

const SPANISH: Cues = {
  problem: words(
    'no (?:puedo|funciona|abre|imprime|carga|responde|conecta|encuentro)|lent[oa]|bloquead[oa]|problema',
  ),
  success: words(
    '(?:ya|ahora|todo|todo ya)(?: me)? funciona(?: bien)?|funciona (?:ya|ahora|otra vez|de nuevo|bien)|(?:está|queda) (?:resuelto|solucionado|arreglado)',
  ),
  guard: words('no|nunca|pero|si|cuando|ojalá|espero|debería|ayer|antes|pasad[oa]|hasta'),
  failure: words(
    'sigue (?:sin|igual|dando|fallando)|todavía no|no (?:ha )?(?:funcionó|funcionado|ayudó|ayudado|sirvió)|mismo (?:error|problema)',
  ),
  ahead: words('(?<!esta |la )mañana|(?:próxim[oa]|esta tarde|más tarde)'),
};

const ITALIAN: Cues = {
  problem: words('non (?:funziona|riesco|si|stampa|parte|trovo)|errore|bloccat[oa]|problema'),
  success: words(
    '(?:ora|adesso|tutto) funziona(?: bene)?|funziona (?:ora|adesso|di nuovo|bene)|è (?:risolto|sistemato)',
  ),
  guard: words('non|mai|ma|se|quando|spero|dovrebbe|ieri|prima|scors[oa]|fino'),
  failure: words(
    'ancora (?:non|lo stesso)|non ha (?:funzionato|aiutato|risolto)|stesso (?:errore|problema)',
  ),
  ahead: words('domani|prossim[oa]|più tardi|questo pomeriggio'),
};

const DUTCH: Cues = {
  problem: words('niet|geen|fout\\p{L}*|traag|vastgelopen|kapot|probleem|geblokkeerd'),
  success: words(
    '(?:werkt|doet)(?: het)? (?:nu|weer|goed)(?: weer)?|nu (?:werkt|doet)|is (?:opgelost|verholpen)',
  ),
  guard: words(
    'niet|geen|nooit|maar|als|zodra|hoop|hopelijk|zou|gisteren|vroeger|vorige|eerst|tot|was',
  ),
  failure: words(
    'nog (?:steeds|altijd)|niet (?:geholpen|gewerkt)|(?:hielp|werkte) niet|zelfde (?:fout|probleem)',
  ),
  ahead: words('(?<!goede )morgen|volgende (?:week|maand|keer)|vanmiddag'),
};

const PORTUGUESE: Cues = {
  problem: words('não (?:funciona|consigo|abre|imprime|liga|encontro)|erro|problema'),
  success: words(
    '(?:agora|já|tudo) (?:está )?(?:a )?(?:funciona|funcionar|funcionando)(?: bem)?|(?:está|foi) resolvido',
  ),
  guard: words('não|nunca|mas|se|quando|espero|deveria|ontem|antes|passad[oa]|até'),
  failure: words(
    'ainda não|continua (?:sem|a|com)|não (?:funcionou|ajudou|resolveu)|mesmo (?:erro|problema)',
  ),
  ahead: words('amanhã|próxim[oa]|mais tarde'),
};

const DEAD_END = words(
  '(?:nicht|nichts) (?:\\p{L}+ )?(?:geholfen|gebracht)|ohne erfolg|na (?:pas|rien) (?:aidé|changé)|sans succès|no (?:ha )?(?:ayudó|ayudado|sirvió|funcionó|funcionado)|non ha (?:funzionato|aiutato)|niet geholpen|(?:hielp|werkte) niet|não (?:funcionou|ajudou|resolveu)',
);

const ALL: readonly Cues[] = [GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, PORTUGUESE];

/** All languages in one pass over the sentence. */
const anyOf = (cue: keyof Cues): RegExp =>
  new RegExp(ALL.map((language) => language[cue].source).join('|'), 'u');

const PROBLEM = anyOf('problem');
const SUCCESS = anyOf('success');
const FAILURE = anyOf('failure');
const AHEAD = anyOf('ahead');

export const tellsProblemElsewhere = (plain: string): boolean => PROBLEM.test(plain);

export const tellsSuccessElsewhere = (plain: string): boolean =>
  SUCCESS.test(plain) &&
  ALL.some(({ success, guard }) => success.test(plain) && !guard.test(plain));

export const tellsFailureElsewhere = (plain: string): boolean => FAILURE.test(plain);

export const tellsDeadEndElsewhere = (plain: string): boolean => DEAD_END.test(plain);

/** A time that lies ahead: tomorrow, next week. */
export const isAheadElsewhere = (plain: string): boolean => AHEAD.test(plain);
