//! Exports of HubSpot.

use super::check;

#[test]
fn quirks_of_hubspot() {
    check(&[
        (
            "Company name with a small n is the company's own",
            "Record ID,Company name,Company Domain Name,Additional Domains,Website URL,Company owner,Associated Contact\n1,Quellbrink,x.de,y.de;z.de,,Ann,\n",
            "accounts",
            &[
                ("Company name", "name"),
                ("Company Domain Name", "domain"),
                ("Additional Domains", "domain"),
                ("Record ID", "id"),
            ],
        ),
        (
            "Company Name with a capital N is free text on a contact",
            "Record ID,First Name,Last Name,Email,Company Name,Associated Company,Associated Company IDs,Primary Associated Company ID,Contact owner,Marketing contact status\n1,A,B,a@x.de,Free Text,Quellbrink,7;8,7,Ann,Marketing contact\n",
            "contacts",
            &[
                ("Company Name", "account-name"),
                ("Primary Associated Company ID", "account-id"),
                ("Marketing contact status", "ignore"),
            ],
        ),
        (
            "several associations stand in one cell",
            "Record ID,Email,Last Name,Associated Company IDs,Contact owner\n1,a@x.de,B,7;8,Ann\n",
            "contacts",
            &[("Associated Company IDs", "account-id")],
        ),
        (
            "exports of 2021 say Name",
            "Record ID,Name,Company Domain Name\n1,Quellbrink,x.de\n",
            "accounts",
            &[("Name", "name")],
        ),
        (
            "internal names of companies",
            "hs_object_id,name,domain,hs_additional_domains,website,zip,country\n1,Quellbrink,x.de,,,,\n",
            "accounts",
            &[
                ("hs_object_id", "id"),
                ("name", "name"),
                ("domain", "domain"),
                ("hs_additional_domains", "domain"),
                ("zip", "postal-code"),
            ],
        ),
        (
            "internal names of contacts",
            "hs_object_id,firstname,lastname,email,associatedcompanyid,company,hs_email_optout,hs_email_optout_12345,hs_marketable_status\n1,A,B,a@x.de,7,Quellbrink,,,true\n",
            "contacts",
            &[
                ("associatedcompanyid", "account-id"),
                ("company", "account-name"),
                ("hs_email_optout", "email-opt-out"),
                ("hs_email_optout_12345", "email-opt-out"),
                ("hs_marketable_status", "ignore"),
            ],
        ),
        (
            "lists mix objects and repeat headers",
            "Record ID - Contact,First Name,Last Name,Email,Phone Number,Record ID - Company,Company name,Phone Number,Company Domain Name,Added To List On,Contact URL (HS)\n1,A,B,a@x.de,1,7,Quellbrink,2,x.de,,\n",
            "accounts and contacts",
            &[
                ("Record ID - Contact", "id"),
                ("Record ID - Company", "account-id"),
                ("Company Domain Name", "domain"),
                ("Added To List On", "-"),
            ],
        ),
        (
            "hand-edited lists use Full Name",
            "Full Name,Company Name,Email\nAnn Ahrens ,Quellbrink , a@x.de\n",
            "contacts",
            &[("Full Name", "full-name"), ("Email", "email")],
        ),
        (
            "Spanish headers with an English association",
            "ID de registro,Nombre de la empresa,Nombre de dominio de la empresa,Dominios adicionales,Propietario del registro de empresa,Ciudad,País/región,Sector,Fecha de creación,Associated Note\n1,Quellbrink,x.es,,,,,,,\n",
            "accounts",
            &[
                ("ID de registro", "id"),
                ("Nombre de la empresa", "name"),
                ("Nombre de dominio de la empresa", "domain"),
                ("Dominios adicionales", "domain"),
                ("Propietario del registro de empresa", "owner"),
                ("Ciudad", "city"),
                ("País/región", "country"),
                ("Associated Note", "-"),
            ],
        ),
        (
            "French contacts",
            "Record ID,Prénom,Nom,Intitulé du poste,E-mail,Numéro de téléphone,URL du site web,Code postal,Pays/Région,Statut du prospect,Propriétaire du contact\n1,Ann,Ahrens,CEO,a@x.fr,,,,,,\n",
            "contacts",
            &[
                ("Prénom", "first-name"),
                ("Nom", "last-name"),
                ("Intitulé du poste", "job-title"),
                ("Numéro de téléphone", "phone"),
                ("Code postal", "postal-code"),
                ("Pays/Région", "country"),
                ("Propriétaire du contact", "owner"),
            ],
        ),
    ]);
}
