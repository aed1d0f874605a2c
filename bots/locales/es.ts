import type { Locale } from "../i18n.ts";
import { commands, link, options, presets, presetVerbs, settings } from "./es-commands.ts";

/** Everything that the chat doors say, in Spanish. */
export const es: Locale = {
  language: { tag: "es", name: "Español" },

  progress: {
    taken: "En la cola",
    place: "En la cola, {{place}}",
    placeAndTime: "En la cola, {{place}} · {{duration}}",
    painting: "Pintando…",
    elapsed: "Pintando · {{duration}}",
    percent: "Pintando · {{percent}} %",
    finishing: "Terminando…",
    ordinal_ordinal_other: "{{count}}.º",
  },

  duration: {
    seconds: "{{count}} s",
    minutes: "{{count}} min",
    hours: "{{count}} h",
    about: "unos {{duration}}",
    in: "en unos {{duration}}",
  },

  buttons: {
    again: "Otra vez",
    vary: "Variar",
    own: "Mis palabras",
    ratio: "Proporción",
    edit: "Editar",
    original: "Original",
    hide: "Ocultar",
    delete: "Borrar",
    cancel: "Cancelar",
    retry: "Reintentar",
    share: "Compartir",
    back: "Volver",
    older: "Anteriores",
    newer: "Más recientes",
    show: "Mostrar",
    confirmForget: "Sí, borrarlo todo",
    keep: "No, conservarlo",
    mySettings: "Mis ajustes",
    placeSettings: "De este chat",
    unset: "Lo habitual",
    reset: "Volver a lo habitual",
    yes: "Sí",
    no: "No",
    auto: "Que elija el mejorador",
    drawThis: "Pintar esto",
    howMade: "¿Cómo se hizo?",
    reword: "Reformular",
    undo: "Deshacer",
    paint: "Pintar {{count}} imágenes",
    editPicture: "Editar imagen",
    makeKey: "Crear una clave de API",
    unlink: "Desvincular {{name}}",
  },

  picture: {
    enhanced: "Texto mejorado",
    facts: "{{ratio}} · {{size}} · semilla {{seed}} · {{code}}",
    factsWithoutSize: "semilla {{seed}} · {{code}}",
    seeds: "{{first}}–{{last}}",
    deleted: "Borrado.",
    swept: "La imagen ya no se conserva, pero su receta sí: pulsa «Otra vez».",
    expired: "Esta imagen llegó demasiado tarde para mostrarla aquí. /show {{code}} la trae.",
    unsure: "Puede que la imagen de este mensaje no haya llegado. /show {{code}} la trae.",
    unsureAlbum:
      "Puede que las imágenes no hayan llegado: pulsa «Original» o escribe /show {{code}}.",
    unsureOriginals:
      "Puede que los archivos originales no hayan llegado: pulsa «Original» o escribe /show {{code}}.",
    unsureSend: "Puede que las imágenes de {{code}} no hayan llegado. /show {{code}} las trae.",
    chooseRatio: "¿Qué proporción? La semilla sigue igual.",
    choosePicture: "Trabajar con una de ellas",
    noPicture: "No se conservó ninguna imagen de {{code}}.",
    shared: "Ya está compartida. /show {{code}} la trae a cualquier sitio.",
  },

  ask: {
    prompt: "¿Qué debe mostrar la imagen? Responde a este mensaje con tus palabras.",
    placeholder: "un gato leyendo, ratio 3:2",
    code: "¿Qué código? Escríbelo tras el comando, como /show zi-7K3QF9X2WM.",
    nothingYet: "Aún no tienes imágenes. Pide una con /{{command}}.",
    nothingWaiting: "No tienes nada en espera.",
    queue: "Tus encargos, el siguiente primero:",
    history_one: "Tu imagen",
    history_other: "Tus imágenes, la más reciente primero",
    notForYou: "Este botón no es tuyo.",
    outdated: "Este botón ya no funciona.",
    adminsOnly: "Solo los administradores pueden hacerlo.",
    notAllowed: "Este bot no está abierto a todo el mundo y no estás en su lista.",
    adminsUnknown:
      "Telegram no dice ahora mismo quién administra este grupo. Vuelve a pulsar en un momento.",
    photoNotFetched: "Telegram no entrega esta foto ahora mismo.",
    startFirst:
      "Aquí no puedo mostrártelo solo a ti. Pulsa Iniciar en un chat privado conmigo y vuelve a pedirlo.",
    notHere: "No se puede mostrar aquí.",
    unknownPicture: "En este mensaje no hay ningún código, y su imagen no se hizo aquí.",
    change: "¿Qué debe cambiar? Responde a la propia imagen con /draw y tus palabras.",
    nothingEdits:
      "Ningún modelo de aquí edita imágenes; quien lleva este bot tendría que configurar uno. /draw pinta a partir de palabras.",
    changeWords: "¿Qué debe cambiar?",
    morePictures: "Más imágenes de las que partir",
    also: "Además",
    noPictureHere: "En este mensaje no hay ninguna imagen que se pueda cambiar.",
    notAPicture: "{{name}} no se puede cambiar: solo imágenes PNG, JPEG, WebP, AVIF, GIF y TIFF.",
    formTooOld: "Este formulario es demasiado antiguo. Ábrelo de nuevo.",
    fileNotFetched: "Discord no entrega esta imagen ahora mismo.",
    onlyStill: "Solo se pueden cambiar imágenes que no se mueven.",
    tooLarge: "Una imagen puede tener {{limit}} MB como mucho.",
    cannotWrite:
      "No puedo escribir en el grupo donde pediste una imagen, así que no se pintó nada. Quienes llevan el grupo pueden permitirlo.",
    batch: "Estas palabras piden {{count}} imágenes. ¿Quieres tantas?",
    batchOfQuota: "Estas palabras piden {{count}} imágenes y te quedan {{left}}. ¿Quieres tantas?",
    oneInline: "Aquí, una imagen cada vez. Para varias, pídelas en un chat conmigo.",
    inPrivate: "Solo en un chat privado conmigo: los demás no deben verlo.",
  },

  inline: {
    draw: "Pintar: {{prompt}}",
    drawDescription: "Una imagen nueva a partir de estas palabras",
    placeholder: "Pintando…",
  },

  settings,

  usage: {
    today_one: "Hoy: {{count}} imagen.",
    today_other: "Hoy: {{count}} imágenes.",
    none: "Aquí no hay cuota.",
    quota:
      "Se han usado {{used}} de {{limit}} imágenes al día, quedan {{left}}. Vuelve a empezar {{wait}}, a las {{time}}.",
    quota_minute: "Se han usado {{used}} de {{limit}} imágenes por minuto, quedan {{left}}.",
  },

  qualities: { low: "Baja", medium: "Media", high: "Alta", standard: "Estándar", hd: "HD" },

  help: {
    intro:
      "Pinto imágenes a partir de palabras. Escribe /{{command}} y lo que debe mostrar la imagen, en cualquier idioma.",
    flags:
      "En tus palabras también puedes poner: ratio 3:2, --seed 42, --n 4 (cuatro imágenes), --no niebla, --raw (pinta mis palabras tal cual), --model, --steps, --cfg, --quality, --preset watercolour; {red|blue} pinta una imagen de cada.",
    buttons:
      "Otra vez: el mismo texto con otra semilla. Variar: tus palabras mejoradas de nuevo. Mis palabras: sin mejorarlas. Proporción: lo mismo con otra forma. Original: el archivo intacto.",
    commands: "Comandos:",
    links: "Más: {{url}}",
    edits:
      "También se pueden cambiar imágenes: envía algunas con el comando y di qué debe cambiar.",
  },

  privacy: {
    text: "Se conservan: tus palabras, las recetas y las imágenes que salen de ellas, tus plantillas, ajustes y cuentas vinculadas y cuántas imágenes has pedido últimamente. Lo que pides se envía a un servicio de imágenes y, donde la mejora está activa, a un modelo de lenguaje. Quien tiene el código de una imagen puede verla, salvo que sea privada. /forgetme borra tus encargos, imágenes, plantillas, ajustes, vínculos y claves de API; lo que has gastado de tu cuota sigue contando.",
    confirm:
      "¿Borrar todos tus encargos, imágenes, plantillas, ajustes, vínculos y claves de API? Tus códigos no llevarán a ninguna parte. Lo que has gastado de tu cuota sigue contando.",
    forgotten: "Borrado. Aquí ya no se conserva nada tuyo, salvo cuánto has gastado de tu cuota.",
    kept: "No se borró nada.",
  },

  errors: {
    "invalid-request": "Así no funciona: {{problem}}",
    "invalid-request_prompt": "Di con palabras qué debe mostrar la imagen.",
    "invalid-request_promptLength":
      "Un texto acaba a los {{limit}} caracteres. Dilo con menos palabras.",
    "invalid-request_aspectRatio": "Una proporción se escribe como 16:9 y está entre 1:3 y 3:1.",
    "invalid-request_size": "Un tamaño se escribe como 1024x768, con ambos lados entre 64 y 2048.",
    "unknown-model": "Aquí no hay ningún modelo «{{model}}».",
    unsupported: "{{model}} no puede hacer eso.",
    unsupported_edit:
      "{{model}} no puede editar imágenes; solo pinta a partir de palabras. Quien lleva este bot tendría que configurar un modelo que edite.",
    "content-refused": "Estas palabras fueron rechazadas: {{reason}}",
    "content-refused_provider": "El servicio de imágenes rechazó estas palabras: {{reason}}",
    "quota-exceeded":
      "Tu cuota de {{limit}} imágenes al día no alcanza (quedan {{left}}). Vuelve a empezar {{wait}}, a las {{time}}.",
    "quota-exceeded_minute":
      "Son más de {{limit}} imágenes por minuto (quedan {{left}}). Inténtalo {{wait}}.",
    "queue-full": "La cola está llena: esperan {{limit}} encargos. Inténtalo {{wait}}.",
    "queue-full_requester":
      "Ya esperan {{limit}} encargos tuyos. Inténtalo {{wait}}, o cancela uno.",
    "provider-busy": "El servicio de imágenes está ocupado. Inténtalo {{wait}}.",
    "provider-failed": "El servicio de imágenes falló: {{fault}}.",
    "provider-failed_paid":
      "El servicio de imágenes falló: {{fault}}. Puede que haya cobrado la imagen.",
    "timed-out": "El servicio de imágenes tardó más de {{duration}}.",
    cancelled: "Cancelado.",
    restarting:
      "El servidor se está reiniciando. Pídelo de nuevo en un minuto; las imágenes en curso siguen solas.",
    interrupted: "El servidor se interrumpió dos veces mientras se hacía esta imagen.",
    expired: "Esto tardó más de {{duration}} y se abandonó.",
    "not-found": "No hay ninguna imagen con el código {{code}}.",
    "not-found_link":
      "Este código no vincula nada: cada uno sirve una vez, durante diez minutos. /link muestra uno nuevo.",
    "not-yours": "Esto es de otra persona.",
    "key-reused": "Esto ya se pidió.",
    overloaded: "El servidor tiene demasiado que hacer a la vez. Inténtalo {{wait}}.",
    "too-many-lookups": "Demasiados códigos que no existen. Inténtalo {{wait}}.",
    "storage-failed": "El servidor no puede escribir en su disco, así que no se hizo nada.",
    "storage-failed_paid":
      "El servidor no puede escribir en su disco, así que la imagen se perdió.",
    "storage-failed_unreachable":
      "El servidor no puede acceder a su base de datos en este momento, así que no se hizo nada. Inténtalo de nuevo enseguida.",
    internal: "Algo salió mal aquí. El responsable puede verlo en el registro.",
    "invalid-request_source":
      "Esa imagen no se puede usar. Envía un PNG, JPEG, WebP, AVIF, GIF o TIFF entero de 64 megapíxeles como mucho.",
    "invalid-request_batch":
      "Son más de {{most}} imágenes a la vez. Escribe \\{ donde quieras una llave.",
    "unknown-preset": "Aquí no hay ninguna plantilla «{{preset}}».",
    unsupported_edit_able:
      "{{model}} no puede editar imágenes. {{able}} sí: añade --model {{able}}.",
    unsupported_pictures: "{{model}} admite {{limit}} imágenes como mucho. Envía menos.",
    unsupported_pictures_able:
      "{{model}} admite {{limit}} imágenes como mucho. {{able}} admite más: añade --model {{able}}.",
    unsupported_mask:
      "{{model}} no puede cambiar solo una parte de una imagen. Envíala sin máscara.",
    unsupported_mask_able:
      "{{model}} no puede cambiar solo una parte de una imagen. {{able}} sí: añade --model {{able}}.",
  },

  faults: {
    unreachable: "no se puede contactar con él",
    challenge: "respondió con una comprobación para navegadores",
    "bad-key": "no acepta la clave de este bot",
    "no-points": "la cuenta de este bot se quedó sin puntos",
    rejected: "rechazó la petición",
    "server-error": "tiene un problema propio",
    "bad-reply": "su respuesta no tenía sentido",
    "bad-image": "lo que envió no es una imagen",
    "other-format": "envió una imagen en un formato que aquí no se lee",
    "unsafe-link": "remitió a un sitio que no es de fiar",
  },

  notices: {
    "enhancement-failed":
      "La mejora falló ({{failure}}), así que se pintaron tus propias palabras.",
    "enhancement-skipped": "Tus palabras no se mejoraron porque pasan de {{limit}} caracteres.",
    "prompt-cut":
      "{{model}} admite {{limit}} caracteres, así que se dejó fuera el final del texto.",
    "size-adjusted": "El tamaño {{asked}} pasó a ser {{made}}.",
    "size-differs": "El servicio hizo {{made}} aunque se pidió {{ordered}}.",
    "value-adjusted": "{{hintName}}: {{asked}} pasó a ser {{made}}.",
    "unknown-flag": "{{flag}} no se conoce aquí y se quedó en tus palabras.",
    "flag-not-understood": "{{flag}} {{value}} no se entendió y se quedó en tus palabras.",
    "ratio-out-of-range": "La proporción {{ratio}} no se usó porque pasa de 3:1.",
    "hint-ignored": "{{model}} no puede usarlo, así que se omitió: {{hintName}}.",
    "parameter-ignored": "{{model}} no conoce {{parameter}}, así que se omitió.",
    "picture-ignored":
      "{{model}} no puede editar imágenes, así que pintó solo a partir de las palabras.",
    "other-model":
      "El servicio pintó con {{made}} aunque se esperaba {{expected}}. El responsable encuentra el número correcto con npm run doctor -- --find-model o define SD_MODEL_INDEX=auto.",
    "asked-twice": "El servidor se interrumpió entretanto, así que esta imagen se pidió dos veces.",
    "pictures-failed": "Fallaron {{failed}} de {{of}} imágenes.",
    sketched: "Boceto: no hay ningún servicio de imágenes configurado. Reconocido: {{words}}.",
    sketched_nothing:
      "Boceto: no hay ningún servicio de imágenes configurado. Conoce animales, personas, comida, cosas, lugares y el tiempo.",
    "sketched-and": ", ",
    "picture-gone":
      "La imagen anterior ya no está aquí, así que esta se pintó solo a partir de las palabras.",
    "album-part":
      "Telegram solo me muestra una imagen de este álbum. Donde soy administrador, o a solas contigo, las veo todas.",
    "pictures-left-out":
      "{{model}} no admite más de {{used}}, así que de {{of}} imágenes se usaron las primeras.",
    "mask-ignored":
      "{{model}} no puede cambiar solo una parte de una imagen, así que se omitió la máscara.",
  },

  failures: {
    "timed-out": "tardó demasiado",
    unreachable: "no se puede contactar",
    "bad-key": "la clave es errónea",
    "rate-limited": "está ocupado",
    other: "la respuesta no servía",
  },

  hints: {
    seed: "semilla",
    negative: "texto negativo",
    steps: "número de pasos",
    guidance: "guía",
    quality: "calidad",
  },

  commands,
  options,
  link,
  presets,
  presetVerbs,
};
