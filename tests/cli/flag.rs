//! Flags under headers that no test of the tables knows: for each language what people call them, their
//! yes and no, and people who must not be on a list.

use std::fmt::Write as _;

use crate::support::Workdir;

/// How a language says yes and no, headers under which a yes denies, and headers under which a no
/// does.
struct Language {
    yes: &'static str,
    no: &'static str,
    denying: &'static str,
    allowing: &'static str,
}

const LANGUAGES: [Language; 16] = [
    // English
    Language {
        yes: "Yes",
        no: "No",
        denying: "Blacklisted; Black List; Blocklisted; Blocked; Is Blacklisted; Blacklist flag; \
        Email blocked; Suspended; Account suspended; Marketing suspended; Suspension; \
        Bounced; Has bounced; Email bounced; Bounce flag; Mail bounced; Invalid email; \
        Email invalid; Invalid; Email is invalid; Bad email; Wrong email; On hold; Email \
        on hold; Hold; Contact on hold; Deceased; Dead; Is deceased; Died; Left company; \
        Left the company; Has left; Former employee; Ex employee; No longer there; No \
        longer works here; Left organisation; Gone; Departed; Moved on; Unmailable; Not \
        mailable; Undeliverable; GDPR objection; GDPR opt out; GDPR blocked; GDPR \
        delete; Right to be forgotten; Robinson; Robinson list; On Robinson list; \
        Unsubscribed; Opted out; Email unsubscribed; Global unsubscribe; Do not contact; \
        Do not mail; Do not e-mail; No email; No emails; No marketing; No mailings; No \
        newsletter; Never email; Stop emails; Exclude from mailings; Excluded; Suppress; \
        Suppressed; Email suppressed; Objected; Objection to marketing; Refuses \
        marketing; Declined marketing; Consent withdrawn; Consent revoked; Withdrew \
        consent; Spam complaint; Complained; Quarantined; Unreachable; Not reachable; \
        Returned mail; Undelivered; Erased; Erasure requested; Anonymised; Do not \
        disturb; Do not solicit; Do not market; Do not promote; Marketing opt-out; Opt \
        out; OptOut; Opt Out Of Email; Unsub; Unsubscribe; Removed from list; Remove; \
        Email dead; Bouncing; Hard bounce; Soft bounce; DNC; DNE; DNM",
        allowing: "Mailable; Emailable; Email OK; OK to email; Can be emailed; May we email; Allow \
        email; Email allowed; Subscribed; Subscriber; Newsletter; Opted in; Opt in; \
        Marketing consent; GDPR consent; Consent; Consent given; Has consent; Accepts \
        marketing; Wants newsletter; Receive emails; Email permission; Marketing \
        permission; Reachable; Deliverable; Agreed to marketing; Contact allowed; \
        Mailing list; Promotions; Send emails; Email valid; Valid email",
    },
    // German
    Language {
        yes: "Ja",
        no: "Nein",
        denying: "Blacklist; Schwarze Liste; Auf Blacklist; Gesperrt; Ist gesperrt; Sperre; \
        Sperrung; Werbesperre; Mailsperre; E-Mail-Sperre; Kontaktsperre; Marketing \
        gesperrt; Newsletter gesperrt; Blockiert; Geblockt; Stillgelegt; Ausgesetzt; \
        Bounce; Bounced; Gebounct; Unzustellbar; Nicht zustellbar; Rückläufer; E-Mail \
        ungültig; Ungültig; Ungültige E-Mail; Mailadresse ungültig; Adresse falsch; \
        E-Mail falsch; Falsche Adresse; Verstorben; Tot; Gestorben; Ist verstorben; \
        Ausgeschieden; Ausgetreten; Nicht mehr im Haus; Nicht mehr da; Firma verlassen; \
        Hat Firma verlassen; Unternehmen verlassen; Ehemalig; Ehemaliger Mitarbeiter; \
        Ex-Mitarbeiter; Weg; Nicht anmailbar; Nicht erreichbar; DSGVO-Widerspruch; DSGVO \
        gesperrt; DSGVO-Sperre; DSGVO gelöscht; Löschwunsch; Robinsonliste; \
        Robinson-Eintrag; Auf Robinsonliste; Abgemeldet; Newsletter abgemeldet; \
        Abbestellt; Ausgetragen; Opt-out; Widerspruch; Widersprochen; Werbewiderspruch; \
        Widerruf; Widerrufen; Einwilligung widerrufen; Keine Werbung; Keine E-Mails; \
        Keine Mails; Kein Newsletter; Kein Mailing; Keine Mailings; Kein Kontakt; Nicht \
        kontaktieren; Nicht anschreiben; Nicht anmailen; Bitte nicht anschreiben; Bitte \
        keine Werbung; Werbeverbot; Kontaktverbot; Werbeverweigerer; Spam-Beschwerde; \
        Beschwerde; Quarantäne; Vom Versand ausgeschlossen; Ausschluss; Unterdrückt; \
        Anonymisiert; Möchte keine Werbung; Will keine Mails; Lehnt Werbung ab; Nicht \
        bewerben",
        allowing: "Anmailbar; E-Mail erlaubt; Werbung erlaubt; Darf kontaktiert werden; \
        Einwilligung; Werbeeinwilligung; DSGVO-Einwilligung; Zustimmung; Newsletter; \
        Newsletter-Abo; Newsletterempfänger; Abonniert; Abonnent; Erlaubnis; Permission; \
        Opt-in; Werbung; Werbung gewünscht; Mailing; Mailing gewünscht; \
        Kontakterlaubnis; Kontakt erwünscht; Zugestimmt; Einverstanden; Zustellbar; \
        E-Mail gültig; Anschreiben erlaubt; Verteiler",
    },
    // French
    Language {
        yes: "Oui",
        no: "Non",
        denying: "Liste noire; Sur liste noire; Blacklisté; Bloqué; Est bloqué; Email bloqué; \
        Blocage; Suspendu; Marketing suspendu; Rebond; Rebondi; Email en rebond; NPAI; \
        Email invalide; Adresse invalide; Adresse email invalide; Invalide; Email \
        erroné; Mauvaise adresse; En attente; Décédé; Décès; Mort; Parti; A quitté \
        l'entreprise; A quitté la société; Ancien salarié; N'est plus dans l'entreprise; \
        Plus en poste; Non distribuable; Injoignable; Opposition RGPD; Opposition; \
        Opposé; Opposé au démarchage; Droit à l'oubli; Robinson; Liste Robinson; \
        Désabonné; Désinscrit; Est désabonné; Désinscription; Désabonnement; Ne pas \
        contacter; Ne pas solliciter; Ne pas emailer; Ne pas envoyer d'email; Ne plus \
        contacter; Ne plus écrire; Pas d'email; Pas d'emailing; Pas de newsletter; Pas \
        de publicité; Pas de prospection; Aucun email; Stop mail; Stop pub; Refus \
        emailing; Refuse les emails; Refus; Refus prospection; Exclu; Exclu des envois; \
        Exclusion; Consentement retiré; Consentement révoqué; Retrait du consentement; \
        Plainte; Plainte spam; Quarantaine; Anonymisé; Supprimé RGPD; Bounce",
        allowing: "Emailing autorisé; Accepte emailing; Accord; Consentement; Consentement RGPD; \
        Accepte la publicité; Abonné; Inscrit; Inscrit newsletter; Newsletter; \
        Infolettre; Autorise email; Autorisation; Accepte les offres; Prospection \
        autorisée; Démarchage autorisé; Joignable; Opt-in; Contactable; Email valide",
    },
    // Spanish
    Language {
        yes: "Sí",
        no: "No",
        denying: "Lista negra; En lista negra; Bloqueado; Correo bloqueado; Bloqueo; Suspendido; \
        Marketing suspendido; Rebotado; Rebote; Correo rebotado; Devuelto; Correo \
        devuelto; Email inválido; Correo no válido; Inválido; Correo erróneo; Dirección \
        incorrecta; En espera; Retenido; Fallecido; Difunto; Muerto; Dejó la empresa; Ya \
        no trabaja; Ex empleado; Antiguo empleado; Fuera de la empresa; No entregable; \
        Ilocalizable; Oposición RGPD; Oposición; Derecho al olvido; Lista Robinson; \
        Robinson; Baja; Dado de baja; De baja; Desuscrito; Cancelado; Suscripción \
        cancelada; No contactar; No enviar correos; No enviar emails; No enviar \
        publicidad; No molestar; No escribir; No desea publicidad; No quiere correos; \
        Sin publicidad; Sin correos; Rechaza publicidad; Rechazo; Rechazado; Excluido; \
        Excluido de envíos; Consentimiento retirado; Consentimiento revocado; Revocado; \
        Queja; Queja spam; Cuarentena; Anonimizado",
        allowing: "Acepta correos; Acepta publicidad; Acepta comunicaciones; Consentimiento; \
        Consentimiento RGPD; Suscrito; Suscriptor; Boletín; Newsletter; Recibir correos; \
        Recibe publicidad; Autoriza; Autorización; Permiso; Permite contacto; Opt-in; \
        Contactable; Correo válido",
    },
    // Italian
    Language {
        yes: "Sì",
        no: "No",
        denying: "Lista nera; In lista nera; Blacklist; Bloccato; Email bloccata; Blocco; Sospeso; \
        Marketing sospeso; Rimbalzato; Rimbalzo; Respinto; Email respinta; Email non \
        valida; Indirizzo non valido; Non valido; Email errata; Indirizzo errato; In \
        attesa; Deceduto; Morto; Defunto; Ha lasciato l'azienda; Non lavora più; Ex \
        dipendente; Dimesso; Uscito; Non recapitabile; Irraggiungibile; Opposizione \
        GDPR; Opposizione; Oblio; Diritto all'oblio; Robinson; Registro delle \
        opposizioni; Disiscritto; Cancellato; Cancellato da newsletter; Disiscrizione; \
        Disdetta; Non contattare; Non inviare email; Non inviare newsletter; Non inviare \
        pubblicità; Non disturbare; Non scrivere; Niente email; Niente pubblicità; No \
        pubblicità; No newsletter; Rifiuta email; Rifiuto; Rifiutato; Escluso; Escluso \
        da invii; Esclusione; Consenso revocato; Consenso ritirato; Consenso negato; \
        Revoca; Revocato; Reclamo; Segnalato spam; Quarantena; Anonimizzato",
        allowing: "Accetta email; Accetta pubblicità; Consenso; Consenso GDPR; Consenso newsletter; \
        Consenso marketing; Iscritto; Iscritto newsletter; Newsletter; Autorizza; \
        Autorizzazione; Privacy; Opt-in; Contattabile; Riceve email; Email valida; \
        Consenso privacy",
    },
    // Portuguese
    Language {
        yes: "Sim",
        no: "Não",
        denying: "Lista negra; Na lista negra; Bloqueado; E-mail bloqueado; Bloqueio; Suspenso; \
        Marketing suspenso; Devolvido; E-mail devolvido; Rejeitado; E-mail inválido; \
        Endereço inválido; Inválido; E-mail errado; Endereço incorreto; Em espera; \
        Falecido; Morto; Óbito; Saiu da empresa; Deixou a empresa; Ex-funcionário; Não \
        trabalha mais; Desligado; Não entregável; Inacessível; Oposição LGPD; Oposição; \
        Direito ao esquecimento; Lista Robinson; Descadastrado; Descadastro; Cancelado; \
        Inscrição cancelada; Cancelou inscrição; Desinscrito; Removido; Não contactar; \
        Não contatar; Não enviar e-mail; Não enviar emails; Não enviar publicidade; Não \
        perturbar; Não incomodar; Não deseja e-mails; Sem publicidade; Sem e-mails; Sem \
        newsletter; Recusa e-mails; Recusou; Recusado; Excluído; Excluído de envios; \
        Consentimento retirado; Consentimento revogado; Revogado; Reclamação; Reclamação \
        de spam; Quarentena; Anonimizado",
        allowing: "Aceita e-mails; Aceita publicidade; Consentimento; Consentimento LGPD; Inscrito; \
        Assinante; Newsletter; Boletim; Autoriza; Autorização; Permite contato; Receber \
        e-mails; Opt-in; Contactável; E-mail válido",
    },
    // Dutch
    Language {
        yes: "Ja",
        no: "Nee",
        denying: "Zwarte lijst; Op zwarte lijst; Geblokkeerd; E-mail geblokkeerd; Blokkade; \
        Geschorst; Opgeschort; Gebounced; Bounced; Teruggestuurd; Ongeldig; Ongeldige \
        e-mail; E-mail ongeldig; Ongeldig adres; Fout adres; Verkeerd e-mailadres; In de \
        wacht; Overleden; Dood; Uit dienst; Weg bij bedrijf; Bedrijf verlassen; Bedrijf \
        verlaten; Heeft bedrijf verlaten; Niet meer werkzaam; Oud-medewerker; \
        Ex-medewerker; Vertrokken; Onbestelbaar; Niet bezorgbaar; Onbereikbaar; AVG \
        bezwaar; Bezwaar; Bezwaar tegen marketing; Recht op vergetelheid; Robinson; \
        Robinsonlijst; Afgemeld; Uitgeschreven; Is uitgeschreven; Afmelding; \
        Uitschrijving; Opgezegd; Niet contacteren; Niet benaderen; Niet mailen; Niet \
        e-mailen; Niet aanschrijven; Niet storen; Geen e-mail; Geen mailing; Geen \
        mailings; Geen nieuwsbrief; Geen reclame; Geen marketing; Geen contact; Wil geen \
        mail; Weigert mail; Geweigerd; Uitgesloten; Uitgesloten van mailing; Toestemming \
        ingetrokken; Toestemming geweigerd; Ingetrokken; Klacht; Spamklacht; \
        Quarantaine; Geanonimiseerd",
        allowing: "Mag gemaild worden; Toestemming; Toestemming e-mail; AVG toestemming; Akkoord; \
        Nieuwsbrief; Ingeschreven; Aangemeld; Abonnee; Mailing; Opt-in; Wil nieuwsbrief; \
        Mailbaar; Ontvangt mail; Reclame toegestaan; E-mail geldig",
    },
    // Swedish
    Language {
        yes: "Ja",
        no: "Nej",
        denying: "Svartlistad; Svart lista; Spärrad; Blockerad; E-post blockerad; Spärr; \
        Utskicksspärr; Avstängd; Studsad; Studs; Studsat; Ogiltig; Ogiltig e-post; \
        Ogiltig e-postadress; Felaktig e-post; Fel adress; Vilande; Avliden; Död; \
        Slutat; Har slutat; Lämnat företaget; Har lämnat företaget; Ej anställd; \
        Tidigare anställd; Ej levererbar; Kan ej nås; Onåbar; GDPR invändning; \
        Invändning; Rätten att bli glömd; Robinson; NIX-register; Avregistrerad; \
        Avprenumererad; Avanmäld; Avanmälan; Avregistrering; Uppsagd; Kontakta inte; \
        Kontakta ej; Maila inte; Maila ej; Skicka inte e-post; Ej e-post; Ej mejl; Ej \
        nyhetsbrev; Inget nyhetsbrev; Inga mejl; Ingen reklam; Ingen marknadsföring; \
        Ingen e-post; Vill inte ha mejl; Nekar; Nekad; Avböjt; Avböjer; Utesluten; \
        Utesluten från utskick; Samtycke återkallat; Återkallat; Klagomål; Spamklagomål; \
        Karantän; Anonymiserad; Reklamspärr",
        allowing: "Samtycke; Samtycke e-post; GDPR-samtycke; Nyhetsbrev; Prenumererar; Prenumerant; \
        Tillåter e-post; E-post tillåten; Godkänner utskick; Utskick; Får mejlas; Vill \
        ha nyhetsbrev; Opt-in; Giltig e-post",
    },
    // Danish
    Language {
        yes: "Ja",
        no: "Nej",
        denying: "Sortlistet; Sort liste; Spærret; Blokeret; E-mail blokeret; Spærring; \
        Suspenderet; Afvist; Bouncet; Returneret; Ugyldig; Ugyldig e-mail; E-mail \
        ugyldig; Ugyldig adresse; Forkert e-mail; Forkert adresse; I bero; Afdød; Død; \
        Fratrådt; Stoppet; Har forladt virksomheden; Forladt virksomheden; Ikke længere \
        ansat; Tidligere ansat; Kan ikke leveres; Ikke leverbar; Kan ikke kontaktes; \
        GDPR indsigelse; Indsigelse; Retten til at blive glemt; Robinsonliste; Robinson; \
        Afmeldt; Frameldt; Afmelding; Framelding; Opsagt; Kontakt ikke; Må ikke \
        kontaktes; Må ikke mailes; Send ikke mail; Ingen e-mail; Ingen mails; Intet \
        nyhedsbrev; Ingen nyhedsbreve; Ingen reklamer; Ingen markedsføring; Ingen \
        kontakt; Vil ikke have mails; Nægter; Afslået; Udelukket; Udelukket fra \
        udsendelser; Samtykke trukket tilbage; Samtykke tilbagekaldt; Trukket tilbage; \
        Klage; Spamklage; Karantæne; Anonymiseret; Reklamebeskyttet; Frabedt reklame",
        allowing: "Samtykke; Samtykke e-mail; GDPR-samtykke; Nyhedsbrev; Tilmeldt; Tilmeldt \
        nyhedsbrev; Abonnent; Må kontaktes; Må mailes; Accepterer markedsføring; \
        Tilladelse; Permission; Opt-in; Modtager mails; Gyldig e-mail",
    },
    // Norwegian
    Language {
        yes: "Ja",
        no: "Nei",
        denying: "Svartelistet; Svarteliste; Sperret; Blokkert; E-post blokkert; Sperring; \
        Suspendert; Avvist; Returnert; Ugyldig; Ugyldig e-post; E-post ugyldig; Ugyldig \
        adresse; Feil e-post; Feil adresse; På vent; Avdød; Død; Sluttet; Har sluttet; \
        Forlatt selskapet; Har forlatt bedriften; Ikke lenger ansatt; Tidligere ansatt; \
        Kan ikke leveres; Ikke leverbar; Ikke nåbar; GDPR innsigelse; Innsigelse; Retten \
        til å bli glemt; Reservert; Reservert mot reklame; Reservasjon; Avmeldt; \
        Avmelding; Avregistrert; Oppsagt; Ikke kontakt; Skal ikke kontaktes; Ikke send \
        e-post; Ingen e-post; Ingen nyhetsbrev; Ikke nyhetsbrev; Ingen reklame; Ingen \
        markedsføring; Ingen kontakt; Vil ikke ha e-post; Nekter; Avslått; Utelukket; \
        Ekskludert; Samtykke trukket; Samtykke trukket tilbage; Trukket tilbake; \
        Tilbakekalt; Klage; Spamklage; Karantene; Anonymisert",
        allowing: "Samtykke; Samtykke e-post; GDPR-samtykke; Nyhetsbrev; Påmeldt; Abonnent; Kan \
        kontaktes; Tillater e-post; Godtar markedsføring; Tillatelse; Opt-in; Mottar \
        e-post; Gyldig e-post",
    },
    // Finnish
    Language {
        yes: "Kyllä",
        no: "Ei",
        denying: "Mustalla listalla; Musta lista; Estetty; Esto; Sähköposti estetty; Jäädytetty; \
        Keskeytetty; Palautunut; Palautettu; Virheellinen; Virheellinen sähköposti; \
        Sähköposti virheellinen; Väärä osoite; Virheellinen osoite; Pidossa; Kuollut; \
        Menehtynyt; Vainaja; Lähtenyt; Lähtenyt yrityksestä; Poistunut yrityksestä; Ei \
        enää töissä; Entinen työntekijä; Ei toimitettavissa; Ei tavoitettavissa; \
        GDPR-vastustus; Vastustus; Oikeus tulla unohdetuksi; Robinson-lista; Peruutettu; \
        Tilaus peruutettu; Peruttu; Poistunut listalta; Eronnut; Irtisanottu; Älä ota \
        yhteyttä; Ei saa ottaa yhteyttä; Ei sähköpostia; Ei uutiskirjettä; Ei mainoksia; \
        Ei markkinointia; Ei yhteydenottoja; Älä lähetä sähköpostia; Kieltäytynyt; \
        Kielto; Markkinointikielto; Sähköpostikielto; Suoramarkkinointikielto; Kieltänyt \
        markkinoinnin; Suljettu pois; Suostumus peruttu; Suostumus peruutettu; Valitus; \
        Roskapostivalitus; Karanteeni; Anonymisoitu",
        allowing: "Suostumus; GDPR-suostumus; Markkinointilupa; Sähköpostilupa; Uutiskirje; \
        Uutiskirjeen tilaaja; Tilaaja; Saa lähettää; Saa ottaa yhteyttä; Hyväksyy \
        markkinoinnin; Lupa; Opt-in; Sallittu; Kelvollinen sähköposti",
    },
    // Polish
    Language {
        yes: "Tak",
        no: "Nie",
        denying: "Czarna lista; Na czarnej liście; Zablokowany; E-mail zablokowany; Blokada; \
        Zawieszony; Odbity; Odbicie; Zwrócony; Nieprawidłowy; Nieprawidłowy e-mail; \
        Nieprawidłowy adres; Błędny e-mail; Zły adres; Niepoprawny email; Wstrzymany; \
        Zmarły; Nie żyje; Zgon; Odszedł z firmy; Odszedł; Już nie pracuje; Były \
        pracownik; Zwolniony; Niedoręczalny; Niedostarczalny; Nieosiągalny; RODO \
        sprzeciw; Sprzeciw; Sprzeciw wobec marketingu; Prawo do bycia zapomnianym; Lista \
        Robinsona; Wypisany; Wypisany z newslettera; Rezygnacja; Zrezygnował; Anulowana \
        subskrypcja; Nie kontaktować; Nie wysyłać maili; Nie wysyłać; Nie mailować; Nie \
        pisać; Bez maili; Bez reklam; Bez newslettera; Brak zgody; Zakaz kontaktu; Zakaz \
        mailingu; Nie chce maili; Odmowa; Odmówił; Wykluczony; Wykluczony z wysyłki; \
        Zgoda wycofana; Wycofał zgodę; Cofnięta zgoda; Skarga; Skarga na spam; \
        Kwarantanna; Zanonimizowany",
        allowing: "Zgoda; Zgoda marketingowa; Zgoda RODO; Zgoda na e-mail; Zgoda na newsletter; \
        Newsletter; Subskrybent; Zapisany; Zapisany do newslettera; Można kontaktować; \
        Akceptuje mailing; Pozwolenie; Opt-in; Wyraził zgodę; Poprawny e-mail",
    },
    // Czech
    Language {
        yes: "Ano",
        no: "Ne",
        denying: "Černá listina; Na černé listině; Blokovaný; Zablokovaný; E-mail blokován; \
        Blokace; Pozastaveno; Pozastavený; Vráceno; Vrácený e-mail; Nedoručeno; \
        Nedoručitelný; Neplatný; Neplatný e-mail; Neplatná adresa; Chybný e-mail; Špatná \
        adresa; Zemřel; Zesnulý; Mrtvý; Odešel z firmy; Odešel; Již nepracuje; Bývalý \
        zaměstnanec; Už ve firmě není; Nezastižitelný; Nedostupný; GDPR námitka; \
        Námitka; Právo být zapomenut; Robinsonův seznam; Odhlášen; Odhlášený; Odhlášení; \
        Odhlásil se; Zrušený odběr; Nekontaktovat; Neoslovovat; Nezasílat; Neposílat; \
        Neposílat maily; Nezasílat reklamu; Nezasílat obchodní sdělení; Bez mailů; Bez \
        reklamy; Bez newsletteru; Žádné e-maily; Žádná reklama; Zákaz kontaktu; Zákaz \
        mailingu; Nepřeje si; Nechce maily; Odmítl; Odmítá; Vyloučen; Vyřazen z \
        rozesílky; Souhlas odvolán; Odvolal souhlas; Souhlas odebrán; Stížnost; Stížnost \
        na spam; Karanténa; Anonymizováno",
        allowing: "Souhlas; Souhlas s marketingem; Souhlas GDPR; Souhlas se zasíláním; Newsletter; \
        Odběratel; Odebírá newsletter; Přihlášen; Přihlášen k odběru; Lze kontaktovat; \
        Povoleno; Opt-in; Zasílat novinky; Platný e-mail",
    },
    // Hungarian
    Language {
        yes: "Igen",
        no: "Nem",
        denying: "Feketelistás; Feketelista; Tiltólistán; Tiltott; Letiltva; E-mail letiltva; \
        Letiltott; Blokkolt; Felfüggesztve; Felfüggesztett; Visszapattant; \
        Visszapattanó; Kézbesíthetetlen; Érvénytelen; Érvénytelen e-mail; Érvénytelen \
        cím; Hibás e-mail; Rossz cím; Téves cím; Elhunyt; Meghalt; Halott; Kilépett; \
        Elhagyta a céget; Már nem dolgozik itt; Volt dolgozó; Távozott; Elérhetetlen; \
        Nem elérhető; GDPR tiltakozás; Tiltakozás; Tiltakozott; Elfeledtetés; \
        Robinson-lista; Leiratkozott; Leiratkozva; Leiratkozás; Lemondta; Lemondott; Ne \
        keressük; Ne küldj e-mailt; Ne küldjünk; Nem kér e-mailt; Nem kér hírlevelet; \
        Nem kér reklámot; Nincs hírlevél; Nincs e-mail; Kapcsolatfelvétel tilos; \
        Elutasította; Visszautasította; Kizárva; Kizárt; Hozzájárulás visszavonva; \
        Visszavont hozzájárulás; Visszavonta; Panasz; Spam panasz; Karantén; Anonimizált",
        allowing: "Hozzájárulás; GDPR hozzájárulás; Marketing hozzájárulás; Hírlevél; \
        Feliratkozott; Feliratkozva; Kér hírlevelet; Kereshető; Engedély; Engedélyezett; \
        Hozzájárult; Opt-in; Küldhető; Érvényes e-mail",
    },
    // Russian
    Language {
        yes: "Да",
        no: "Нет",
        denying: "Чёрный список; Черный список; В чёрном списке; Заблокирован; Блокировка; Email \
        заблокирован; Приостановлен; Отскок; Возврат; Не доставлено; Недоставляемый; \
        Недействительный; Недействительный адрес; Неверный email; Неверный адрес; \
        Ошибочный адрес; Невалидный email; Умер; Умерший; Скончался; Покойный; Уволен; \
        Уволился; Покинул компанию; Больше не работает; Бывший сотрудник; Ушёл; \
        Недоступен; Недостижим; Возражение; Возражение GDPR; Право на забвение; Отписан; \
        Отписался; Отписка; Отписался от рассылки; Отказ; Отказался; Отказ от писем; \
        Отказ от рекламы; Не контактировать; Не связываться; Не беспокоить; Не писать; \
        Не отправлять; Не отправлять письма; Не слать рекламу; Без рассылки; Без \
        рекламы; Без писем; Запрет рассылки; Запрет на контакт; Запрещено писать; Не \
        хочет писем; Исключён; Исключен из рассылки; Согласие отозвано; Отозвал \
        согласие; Отзыв согласия; Жалоба; Жалоба на спам; Карантин; Обезличен",
        allowing: "Согласие; Согласие на рассылку; Согласие GDPR; Согласие на обработку; Подписан; \
        Подписка; Подписчик; Рассылка; Новости; Разрешение; Разрешена рассылка; Можно \
        писать; Можно связываться; Получать письма; Действительный email",
    },
    // Japanese
    Language {
        yes: "はい",
        no: "いいえ",
        denying: "ブラックリスト; ブロック; ブロック済み; 受信拒否; メール拒否; 停止; 停止中; 一時停止; 配信停止; 配信停止希望; バウンス; ハードバウンス; \
        不達; エラーメール; メール不達; 戻りメール; 無効; 無効アドレス; アドレス無効; メール無効; 不正アドレス; 保留; 死亡; 逝去; 故人; 退職; \
        退職済み; 退職者; 離職; 転職; 在籍なし; 送信不可; 送付不可; 配信不可; 連絡不可; 連絡不要; 連絡禁止; メール不要; メール禁止; \
        メール停止; DM不要; DM拒否; DM停止; 案内不要; 案内停止; 広告拒否; 購読解除; 登録解除; 退会; 退会済; 解約; 配信解除; \
        オプトアウト; 同意撤回; 同意なし; 異議申立; 営業禁止; 営業拒否; コンタクト禁止; 接触禁止; 送信停止; 送信拒否; 除外; 除外対象; 対象外; \
        苦情; クレーム; 迷惑メール報告; 削除依頼; 匿名化; 送らない; メール送信しない; メルマガ停止; メルマガ解除; メルマガ不要",
        allowing: "同意; 同意済み; メール同意; 配信希望; メール希望; メルマガ; メルマガ希望; メルマガ購読; 購読; 購読中; 配信可; 配信許可; 送信可; \
        送信許可; 連絡可; メール可; DM可; DM希望; 案内希望; 許可; 承諾; オプトイン; 受信希望; 受信許可; 有効アドレス",
    },
];

/// Headers with yes and no that have nothing to do with mail: whoever stands below is listed.
const HARMLESS: [&str; 24] = [
    "VIP",
    "Key account",
    "Decision maker",
    "Is primary contact",
    "Hauptansprechpartner",
    "Entscheider",
    "Has children",
    "Speaks English",
    "Attended fair 2025",
    "Weihnachtskarte",
    "Décideur",
    "Cliente potencial",
    "Fumatore",
    "Partner",
    "Converted",
    "Synced",
    "Has mobile",
    "Webinar 2026",
    "Board member",
    "Budgetverantwortung",
    "Interest in Azure",
    "Azure",
    "Visited booth",
    "決裁者",
];

/// A file of contacts with one column more, and four people: one whose cell is `first`, and three others.
fn contacts(at: usize, header: &str, first: &str, others: &str) -> String {
    let mut text = format!("Contact ID,Account ID,Last Name,Email,\"{header}\"\n");
    for (person, cell) in [first, others, others, others].iter().enumerate() {
        writeln!(text, "C{at}-{person},A,N{at},p{at}-{person}@quellbrink.de,{cell}")
            .expect("written");
    }
    text
}

/// The addresses that are listed of people in files of such columns.
fn listed(columns: &[(&str, &str, &str)]) -> Vec<String> {
    let dir = Workdir::new();
    dir.write(
        "Azure.csv",
        "CustomerID,AccountName,Domain,AzureCluster\n1000,Quellbrink,quellbrink.de,Act Now\n",
    );
    dir.write("crm/Accounts.csv", "Account ID,Account Name,Website\nA,Quellbrink,quellbrink.de\n");
    for (at, (header, first, others)) in columns.iter().enumerate() {
        dir.write(&format!("crm/people{at:04}.csv"), contacts(at, header, first, others));
    }
    let line = "--reports Azure.csv --crm crm --out out --consent-unknown list";
    dir.run_match(line, &[]).done();
    dir.table("out/contacts.csv").column("email").into_iter().map(str::to_owned).collect()
}

#[test]
fn nobody_is_listed_who_denies_under_a_flag_of_any_language() {
    let all = |text: &'static str| text.split(';').map(str::trim);
    for Language { yes, no, denying, allowing } in LANGUAGES {
        let denying = all(denying).map(|header| (header, yes, no));
        let allowing = all(allowing).map(|header| (header, no, yes));
        let columns: Vec<_> = denying.chain(allowing).collect();
        let listed = listed(&columns);
        let wrong =
            (0..columns.len()).filter(|at| listed.contains(&format!("p{at}-0@quellbrink.de")));
        let wrong: Vec<_> = wrong.map(|at| columns[at]).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        // a flag that is understood lets the others through
        assert!(listed.len() > columns.len(), "{yes}: {} of {}", listed.len(), columns.len());
    }
}

#[test]
fn answers_about_other_things_keep_nobody_out() {
    let columns: Vec<_> = HARMLESS.iter().map(|header| (*header, "No", "Yes")).collect();
    let listed = listed(&columns);
    let missing: Vec<_> = (0..columns.len())
        .filter(|at| !listed.contains(&format!("p{at}-0@quellbrink.de")))
        .collect();
    assert!(
        missing.is_empty(),
        "{:?}",
        missing.iter().map(|at| columns[*at].0).collect::<Vec<_>>()
    );
}
